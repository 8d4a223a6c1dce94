package trunkline.signal;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import trunkline.telemetry.Pulse;

/// A named virtual thread that repeats a step: when its bell rings, else at its pace. `close`
/// returns only when the thread is gone, so whatever the step used may be closed next.
///
/// It is never interrupted. Its step asks the database by waiting on futures.
public final class Loop implements AutoCloseable {
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Doorbell bell;
  private final Thread thread;
  private volatile boolean closed;

  private Loop(
      String name, Doorbell bell, Pace pace, Runnable step, Consumer<RuntimeException> onFailure) {
    this.bell = bell;
    this.thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(Pulse.of(name, () -> repeat(pace, step, onFailure)));
  }

  /// Runs the step at once and then for ever.
  ///
  /// @param onFailure notified of a failed round; the loop goes on
  public static Loop start(
      String name, Doorbell bell, Pace pace, Runnable step, Consumer<RuntimeException> onFailure) {
    var loop = new Loop(name, bell, pace, step, onFailure);
    loop.thread.start();
    return loop;
  }

  private void repeat(Pace pace, Runnable step, Consumer<RuntimeException> onFailure) {
    try {
      while (!closed) {
        Pulse.beat();
        var began = System.nanoTime();
        try {
          step.run();
        } catch (RuntimeException e) {
          onFailure.accept(e);
        }
        await(pace);
        pauseUntil(began + ROUND_NANOS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Rings may come as fast as anybody who may connect can NOTIFY; rounds may not.
  private void pauseUntil(long nextNanos) throws InterruptedException {
    var left = nextNanos - System.nanoTime();
    if (!closed && left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private void await(Pace pace) throws InterruptedException {
    var waiting = true;
    while (waiting && !closed) {
      var interval = pace.interval();
      Pulse.rest(interval);
      waiting = !bell.await(interval) && !pace.isDue();
    }
  }

  @Override
  public void close() {
    closed = true;
    bell.ring();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
