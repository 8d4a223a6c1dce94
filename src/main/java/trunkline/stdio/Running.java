package trunkline.stdio;

import java.time.Duration;
import java.util.List;
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
  private final Map<RequestId, Work> stateless = new ConcurrentHashMap<>();
  private final Phaser ended = new Phaser(1);

  /// One of them.
  static final class Work {
    private volatile @Nullable Thread thread;
    private volatile @Nullable LineOutlet outlet;
    private volatile boolean cancelled;

    /// The outlet that its messages go to.
    LineOutlet opened(LineOutlet outlet) {
      this.outlet = outlet;
      if (cancelled) {
        outlet.close();
      }
      return outlet;
    }

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
      if (working != null) {
        working.interrupt();
      }
    }
  }

  /// Runs it, unless there are too many.
  ///
  /// @param ids those of the stateless era, by which it can be cancelled
  /// @return whether it runs
  boolean start(List<RequestId> ids, Consumer<Work> run) {
    if (!places.tryAcquire()) {
      return false;
    }
    var work = new Work();
    ids.forEach(id -> stateless.put(id, work));
    var _ = ended.register();
    work.thread =
        Thread.ofVirtual()
            .name("stdio-request")
            .start(() -> {
              try {
                run.accept(work);
              } finally {
                ids.forEach(id -> stateless.remove(id, work));
                places.release();
                var _ = ended.arriveAndDeregister();
              }
            });
    return true;
  }

  /// Stops a request of the stateless era.
  ///
  /// @return whether it was one of those
  boolean cancel(RequestId id) {
    var work = stateless.get(id);
    if (work == null) {
      return false;
    }
    work.cancel();
    return true;
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
