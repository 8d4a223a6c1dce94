package trunkline.session;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// How many sessions live: what the holder of the baton has counted on its latest way through them,
/// and what this instance has opened and ended since.
final class SessionTally {
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final TallyRows rows;
  private final AtomicLong counted = new AtomicLong();
  private final AtomicLong since = new AtomicLong();
  private volatile Instant countedAt = Instant.EPOCH;
  private volatile long published = -1;
  private volatile long publishedNanos;

  SessionTally(TallyRows rows) {
    this.rows = rows;
  }

  long living() {
    return Math.max(0, counted.get() + since.get());
  }

  void opened() {
    since.incrementAndGet();
  }

  void ended() {
    since.decrementAndGet();
  }

  /// A count of this very moment.
  void set(long living) {
    counted.set(living);
    since.set(0);
  }

  /// Whether what was counted then is not yet read.
  boolean isNew(Optional<Instant> at) {
    return !at.equals(Optional.of(countedAt));
  }

  /// Reads what somebody has counted since.
  void reread() {
    rows.read()
        .filter(tally -> !tally.at().equals(countedAt))
        .ifPresent(tally -> {
          countedAt = tally.at();
          set(tally.living());
        });
  }

  /// Tells the others, not more often than it changes; now and then all the same, because what each
  /// has opened and ended since counts for it until then.
  void publish(long living) {
    var now = System.nanoTime();
    if (living != published || now - publishedNanos > AGAIN_NANOS) {
      rows.write(living);
      published = living;
      publishedNanos = now;
      reread();
    }
  }
}
