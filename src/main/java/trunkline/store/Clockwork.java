package trunkline.store;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import trunkline.telemetry.Pulse;

/// How the delivery core tells the time, works and waits: by the machine's clock and threads. On a
/// thread that runs under a [Driver] it is the driver that does: the simulation runs many instances
/// on one thread, in an order that a number repeats.
///
/// Whoever decides about delivery and waits on the way waits here, so that the same code runs in
/// both.
public final class Clockwork {
  private static final ScopedValue<Driver> DRIVER = ScopedValue.newInstance();

  private Clockwork() {}

  /// Takes the machine's place.
  public interface Driver {
    /// A clock that only goes forward.
    long nanos();

    /// Begins work that goes on beside the caller's.
    void start(String name, Runnable work);

    /// Lets so much time pass.
    void pause(long millis) throws InterruptedException;

    /// Waits until something has happened, or so long.
    void await(Awaited happened, long patienceMillis) throws InterruptedException;
  }

  /// What somebody waits for.
  @FunctionalInterface
  public interface Awaited {
    boolean isThere();
  }

  /// Runs something, and what it calls, under the driver.
  public static void drive(Driver driver, Runnable work) {
    ScopedValue.where(DRIVER, driver).run(work);
  }

  /// As [System#nanoTime].
  public static long nanos() {
    return DRIVER.isBound() ? DRIVER.get().nanos() : System.nanoTime();
  }

  public static void pause(long millis) throws InterruptedException {
    if (DRIVER.isBound()) {
      DRIVER.get().pause(millis);
    } else {
      TimeUnit.MILLISECONDS.sleep(millis);
    }
  }

  /// Starts a platform thread with a pulse.
  ///
  /// @return the thread; under a driver one that never runs
  public static Thread start(String name, Runnable work) {
    var thread = Thread.ofPlatform().daemon().name(name);
    if (DRIVER.isBound()) {
      DRIVER.get().start(name, work);
      return thread.unstarted(work);
    }
    return thread.start(Pulse.of(name, work));
  }

  /// Starts a virtual thread.
  public static void startVirtual(String name, Runnable work) {
    if (DRIVER.isBound()) {
      DRIVER.get().start(name, work);
    } else {
      Thread.ofVirtual().name(name).start(work);
    }
  }

  /// Waits for an unpark of the caller, which follows what it is for; or returns for no reason.
  public static void park(Object bell, Awaited happened) throws InterruptedException {
    if (DRIVER.isBound()) {
      DRIVER.get().await(happened, Long.MAX_VALUE);
    } else {
      LockSupport.park(bell);
    }
  }

  /// The next one of a queue, waiting so long for it.
  static <T> @Nullable T next(BlockingQueue<T> queue, long patienceMillis)
      throws InterruptedException {
    if (DRIVER.isBound()) {
      DRIVER.get().await(() -> !queue.isEmpty(), patienceMillis);
      return queue.poll();
    }
    return queue.poll(patienceMillis, TimeUnit.MILLISECONDS);
  }

  /// What the answer is, when it is there; no interrupt ends the wait.
  public static <T> T join(CompletableFuture<T> answer) {
    if (DRIVER.isBound()) {
      try {
        DRIVER.get().await(answer::isDone, Long.MAX_VALUE);
      } catch (InterruptedException e) {
        throw new IllegalStateException("a driver interrupts nobody who joins", e);
      }
    }
    return answer.join();
  }

  /// The same for those whom an interrupt may send away.
  static <T> T get(Future<T> answer) throws InterruptedException, ExecutionException {
    if (DRIVER.isBound()) {
      DRIVER.get().await(answer::isDone, Long.MAX_VALUE);
    }
    return answer.get();
  }
}
