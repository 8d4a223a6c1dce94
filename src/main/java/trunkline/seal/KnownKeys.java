package trunkline.seal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.store.Database;
import trunkline.store.DatabaseFailure;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// What this instance knows of the keys. Whoever reads them later has seen at least as much,
/// whichever answer comes first.
final class KnownKeys {
  private static final int MADE_AND_REMOVED_MAX = 500;

  private record Known(long number, @Nullable KeyRing ring) {}

  /// A read that somebody needed, and what came of it.
  private record Asked(long nanos, CompletableFuture<Optional<KeyRing>> answer) {}

  private final KeySource source;
  private final LongSupplier nanos;
  private final long pauseNanos;
  private final EventSink events;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicReference<Known> known = new AtomicReference<>(new Known(0, null));
  private final AtomicReference<@Nullable Asked> asked = new AtomicReference<>();

  KnownKeys(KeySource source, LongSupplier nanos, SealPolicy policy, EventSink events) {
    this.source = source;
    this.nanos = nanos;
    this.pauseNanos = policy.pause().toNanos();
    this.events = events;
  }

  /// What was read last; asks the database only when it knows nothing.
  KeyRing ring() {
    var ring = known.get().ring();
    return ring == null ? again() : ring;
  }

  /// Reads, unless somebody is reading or had it read a moment ago, whose answer or failure it is
  /// then: who sends ids of keys that do not exist costs one statement in a pause, however many
  /// they are. What was read within that is as good, since a key is there for longer before it is
  /// used.
  ///
  /// @throws DatabaseFailure when it cannot be read now, or could not a moment ago
  KeyRing again() {
    var last = asked.get();
    if (last != null && isAnswerOfNow(last)) {
      return filled(last.answer());
    }
    var mine = new Asked(nanos.getAsLong(), new CompletableFuture<>());
    if (!asked.compareAndSet(last, mine)) {
      var other = asked.get();
      if (other != null) {
        return filled(other.answer());
      }
    }
    var _ =
        begin()
            .whenComplete((ring, failure) -> {
              if (failure == null) {
                mine.answer().complete(ring);
              } else {
                mine.answer().completeExceptionally(failure);
              }
            });
    return filled(mine.answer());
  }

  private boolean isAnswerOfNow(Asked last) {
    return !last.answer().isDone() || nanos.getAsLong() - last.nanos() < pauseNanos;
  }

  /// Reads now.
  KeyRing read() {
    return filled(begin());
  }

  private CompletableFuture<Optional<KeyRing>> begin() {
    var number = reads.incrementAndGet();
    return source
        .read()
        .whenComplete((ring, failure) -> {
          if (failure == null) {
            ring.ifPresent(found -> keep(new Known(number, found)));
          } else {
            events.emit(new ServerEvent.SealKeysUnread(String.valueOf(failure.getMessage())));
          }
        });
  }

  private KeyRing filled(CompletableFuture<Optional<KeyRing>> answer) {
    return Database.await(answer).orElseGet(this::first);
  }

  /// Somebody has removed all keys, and with them everything that was sealed.
  private KeyRing first() {
    var _ = source.keep(MADE_AND_REMOVED_MAX);
    return Database.await(begin())
        .orElseThrow(() -> new DatabaseUnavailable("there is no key for seals"));
  }

  /// They may be those of another database.
  void forget() {
    keep(new Known(reads.incrementAndGet(), null));
    asked.set(null);
  }

  private void keep(Known read) {
    known.accumulateAndGet(
        read, (former, latest) -> latest.number() > former.number() ? latest : former);
  }
}
