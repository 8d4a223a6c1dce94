package trunkline.stdio;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.RequestId;

/// The requests that are under way, each on a thread of its own.
final class Running {
  /// At a time: a client that waits for no answer must not fill the heap with threads.
  static final int REQUESTS_MAX = 1_000;

  private final Semaphore places = new Semaphore(REQUESTS_MAX);
  private final Map<RequestId, Work> byId = new ConcurrentHashMap<>();
  private final Phaser ended = new Phaser(1);

  /// One of them, or a batch.
  static final class Work {
    private final boolean stateless;
    private volatile @Nullable Thread thread;
    private volatile @Nullable LineOutlet outlet;
    private volatile boolean cancelled;

    /// @param stateless whether its thread is all that there is of it
    Work(boolean stateless) {
      this.stateless = stateless;
    }

    /// The outlet that its messages go to.
    LineOutlet opened(LineOutlet outlet) {
      this.outlet = outlet;
      if (cancelled) {
        outlet.close();
      }
      return outlet;
    }

    /// Whether its client withdrew it, and hears nothing more of it.
    boolean isCancelled() {
      return cancelled;
    }

    private void cancel() {
      cancelled = true;
      var writing = outlet;
      if (writing != null) {
        writing.close();
      }
      var working = thread;
      if (stateless && working != null) {
        working.interrupt();
      }
    }
  }

  /// Runs it, unless there are too many.
  ///
  /// @param id by which it can be cancelled; null for a batch, of which others are to go on
  /// @return whether it runs
  boolean start(@Nullable RequestId id, Work work, Consumer<Work> run) {
    if (!places.tryAcquire()) {
      return false;
    }
    if (id != null) {
      byId.put(id, work);
    }
    var _ = ended.register();
    work.thread =
        Thread.ofVirtual()
            .name("stdio-request")
            .start(() -> {
              try {
                run.accept(work);
              } finally {
                if (id != null) {
                  byId.remove(id, work);
                }
                places.release();
                var _ = ended.arriveAndDeregister();
              }
            });
    return true;
  }

  /// Tells nothing more of a request, and stops it when it is one of the stateless era.
  ///
  /// @return whether it was one of those
  boolean cancel(RequestId id) {
    var work = byId.get(id);
    if (work == null) {
      return false;
    }
    work.cancel();
    return work.stateless;
  }

  /// Waits until all have ended, at most so long.
  void awaitNone(Duration patience) throws InterruptedException {
    try {
      ended.awaitAdvanceInterruptibly(ended.arrive(), patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // whoever is left is stopped with the server
    }
  }
}
