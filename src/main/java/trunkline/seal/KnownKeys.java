package trunkline.seal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.store.DatabaseFailure;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// What this instance knows of the keys. Whoever reads them later has seen at least as much,
/// whichever answer comes first.
final class KnownKeys {
  private static final int MADE_AND_REMOVED_MAX = 500;

  private record Known(long number, @Nullable KeyRing ring) {}

  private final KeySource source;
  private final LongSupplier nanos;
  private final long pauseNanos;
  private final EventSink events;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicReference<Known> known = new AtomicReference<>(new Known(0, null));
  private final ReentrantLock asking = new ReentrantLock();

  /// The last read that was asked for, and what came of it.
  private long askedNanos;

  private @Nullable DatabaseFailure failure;

  KnownKeys(KeySource source, LongSupplier nanos, SealPolicy policy, EventSink events) {
    this.source = source;
    this.nanos = nanos;
    this.pauseNanos = policy.pause().toNanos();
    this.events = events;
    this.askedNanos = nanos.getAsLong() - pauseNanos;
  }

  /// What was read last; asks the database only when it knows nothing.
  KeyRing ring() {
    var ring = known.get().ring();
    return ring == null ? again() : ring;
  }

  /// Reads, unless somebody had it read a moment ago: who sends ids of keys that do not exist costs
  /// one statement in a pause, however many they are. What was read within that is as good, since a
  /// key is there for longer before it is used.
  ///
  /// @throws DatabaseFailure when it cannot be read now, or could not a moment ago
  KeyRing again() {
    asking.lock();
    try {
      var ring = known.get().ring();
      var pausing = nanos.getAsLong() - askedNanos < pauseNanos;
      if (pausing && failure != null) {
        throw new DatabaseUnavailable(
            "the keys of seals could not be read a moment ago: " + failure.getMessage(), failure);
      }
      return pausing && ring != null ? ring : ask();
    } finally {
      asking.unlock();
    }
  }

  private KeyRing ask() {
    try {
      failure = null;
      return read();
    } catch (DatabaseFailure e) {
      failure = e;
      throw e;
    } finally {
      askedNanos = nanos.getAsLong();
    }
  }

  /// Reads now.
  KeyRing read() {
    var number = reads.incrementAndGet();
    try {
      var ring = source.read().orElseGet(this::first);
      known.accumulateAndGet(
          new Known(number, ring),
          (former, latest) -> latest.number() > former.number() ? latest : former);
      return ring;
    } catch (DatabaseFailure e) {
      events.emit(new ServerEvent.SealKeysUnread(String.valueOf(e.getMessage())));
      throw e;
    }
  }

  /// Somebody has removed all keys, and with them everything that was sealed.
  private KeyRing first() {
    var _ = source.keep(MADE_AND_REMOVED_MAX);
    return source
        .read()
        .orElseThrow(() -> new DatabaseUnavailable("trunkline.seal_keys has no key"));
  }

  /// They may be those of another database.
  void forget() {
    var number = reads.incrementAndGet();
    known.accumulateAndGet(
        new Known(number, null),
        (former, latest) -> latest.number() > former.number() ? latest : former);
  }
}
