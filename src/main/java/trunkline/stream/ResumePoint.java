package trunkline.stream;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import trunkline.session.StreamId;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.stream.StreamStore.ClaimRow;

/// Where a GET without `Last-Event-ID` starts (delivery: S10). The claim comes first; it makes the
/// former holder stop and say how far it came. That word is waited for, but not for long: a dead
/// holder never speaks, and then the position of the last flush counts.
final class ResumePoint {
  private static final Duration LAST_WORD_MAX = Duration.ofMillis(250);
  private static final long LOOK_MILLIS = 25;
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;
  private final StreamStore store;

  ResumePoint(Database database, StreamStore store) {
    this.database = database;
    this.store = store;
  }

  /// Empty when the stream was claimed once more while we waited.
  Optional<EventId> settle(StreamId stream, ClaimRow claimed) throws InterruptedException {
    var until = System.nanoTime() + LAST_WORD_MAX.toNanos();
    var settled = claimed.settled();
    while (!settled && System.nanoTime() - until < 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      settled = database.call(c -> store.isSettled(c, stream, claimed.epoch()));
    }
    return PATIENCE.call(database, c -> store.settle(c, stream, claimed.epoch()));
  }
}
