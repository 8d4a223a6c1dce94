package trunkline.stream;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import trunkline.stream.MessageStore.Page;
import trunkline.stream.MessageStore.ReadRequest;

/// The read of a follower that waits at its bell, begun by whoever rings it: the follower wakes
/// when the page is there, rather than also before, only to ask for it. That is one hand-over
/// between threads fewer for each message.
///
/// A hint, as the ring is. A ring that comes while the follower is busy, or while a read is on its
/// way already, wakes it to read by itself: a read that has begun may not see what is rung for. A
/// page from another place than the follower's is thrown away, and so is an answer that is none.
final class ReadAhead {
  private final ReadLanes lanes;
  private final WakeFlags bell;

  /// What the follower would ask if it were woken now; null while it is awake.
  private final AtomicReference<@Nullable ReadRequest> next = new AtomicReference<>();

  private final AtomicReference<@Nullable Found> found = new AtomicReference<>();

  private record Found(ReadRequest request, Page page) {}

  ReadAhead(ReadLanes lanes, WakeFlags bell) {
    this.lanes = lanes;
    this.bell = bell;
  }

  /// For the follower's thread, which waits now: all that it has read is written.
  int await(int buttons, ReadRequest request) throws InterruptedException {
    next.set(request);
    try {
      return bell.await(buttons);
    } finally {
      next.set(null);
    }
  }

  /// The stream may have something new; does not block.
  void ring() {
    var request = next.getAndSet(null);
    if (request == null || !begins(request)) {
      bell.ring(WakeFlags.NEWS);
    }
  }

  private boolean begins(ReadRequest request) {
    var answer = lanes.liveUnlessFull(request);
    if (answer == null) {
      return false;
    }
    var _ =
        answer.whenComplete((page, failure) -> {
          if (failure != null) {
            bell.ring(WakeFlags.NEWS);
          } else {
            found.set(new Found(request, page));
            bell.ring(WakeFlags.PAGE);
          }
        });
    return true;
  }

  /// What was read for this very request; null: it has to be asked.
  @Nullable Page take(ReadRequest request) {
    var taken = found.getAndSet(null);
    return taken != null && taken.request().equals(request) ? taken.page() : null;
  }
}
