package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import trunkline.session.StreamId;
import trunkline.store.DatabaseFailure;
import trunkline.store.FailureKind;
import trunkline.stream.MessageStore.BatchAnswer;
import trunkline.stream.MessageStore.BatchKey;

/// Sends a batch until its outcome is known.
///
/// After a lost answer the batch is sent again *unchanged under its key*: whichever attempt commits
/// first wins, the other violates the key, which means "done: read the row". Only a batch of which
/// no attempt is in doubt may be split.
final class BatchSender {
  /// Far below the time after which a slot's batch rows are truncated.
  private static final Duration DOUBT_MAX = Duration.ofMinutes(5);

  /// The limit for repeating a batch in doubt that is refused, for instance at a server's shutdown.
  private static final Duration REFUSED_MAX = Duration.ofSeconds(10);

  private static final long PAUSE_MILLIS = 100;

  private final MessageStore store;
  private final CurrentSlot slot;
  private final BooleanSupplier stopping;

  sealed interface Result {}

  /// Committed, by this attempt or an earlier one.
  record Sent(BatchAnswer answer) implements Result {}

  /// A row stayed locked: nothing was stored.
  record Locked() implements Result {}

  /// The database refused the batch for its content: nothing was stored.
  record Broken(Exception why) implements Result {}

  /// Given up: it may or may not be stored.
  record Unknown(Exception why) implements Result {}

  BatchSender(MessageStore store, CurrentSlot slot, BooleanSupplier stopping) {
    this.store = store;
    this.slot = slot;
    this.stopping = stopping;
  }

  int currentSlot() {
    return slot.current();
  }

  Result send(BatchKey key, List<StreamWrite> batch) throws InterruptedException {
    var startedNanos = System.nanoTime();
    var doubt = false;
    while (true) {
      try {
        var answer = store.publish(key, batch);
        slot.saw(answer.slot());
        return new Sent(answer);
      } catch (RuntimeException e) {
        switch (e instanceof DatabaseFailure failed ? failed.kind() : FailureKind.REFUSED) {
          case AWAY, DOUBTFUL -> {
            if (isOver(startedNanos, DOUBT_MAX)) {
              return new Unknown(e);
            }
            doubt = true;
          }
          case BUSY -> {
            if (!doubt) {
              return new Locked();
            }
            if (isOver(startedNanos, DOUBT_MAX)) {
              return new Unknown(e);
            }
          }
          case REFUSED -> {
            if (!doubt) {
              return new Broken(e);
            }
            // An earlier attempt may have committed: split, it would be stored a second time.
            if (isOver(startedNanos, REFUSED_MAX)) {
              return new Unknown(e);
            }
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private boolean isOver(long startedNanos, Duration max) {
    return System.nanoTime() - startedNanos > max.toNanos() || stopping.getAsBoolean();
  }

  /// The locked ones among the streams; all while the database cannot say.
  List<StreamId> locked(List<StreamId> streams) throws InterruptedException {
    try {
      return store.locked(streams);
    } catch (RuntimeException e) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      return streams;
    }
  }
}
