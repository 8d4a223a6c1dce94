package trunkline.stream;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import trunkline.session.StreamId;
import trunkline.stream.StreamStore.ClaimRow;

/// The start of a GET without `Last-Event-ID` (delivery: S10). The claim comes first; it makes the
/// former holder stop and write its position. The claimer waits for that, but not for long: of a
/// dead holder the position of the last flush counts.
final class ResumePoint {
  private static final Duration LAST_WORD_MAX = Duration.ofMillis(250);
  private static final long POLL_MILLIS = 25;

  private final StreamStore store;

  ResumePoint(StreamStore store) {
    this.store = store;
  }

  /// Empty when the stream was claimed once more while we waited.
  Optional<EventId> settle(StreamId stream, ClaimRow claimed) throws InterruptedException {
    var until = System.nanoTime() + LAST_WORD_MAX.toNanos();
    var settled = claimed.settled();
    while (!settled && System.nanoTime() - until < 0) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      settled = store.isSettled(stream, claimed.epoch());
    }
    return store.settle(stream, claimed.epoch());
  }
}
