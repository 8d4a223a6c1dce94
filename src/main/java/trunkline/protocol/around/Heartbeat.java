package trunkline.protocol.around;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import trunkline.feature.Interceptor;
import trunkline.feature.Invocation;
import trunkline.store.DatabaseFailure;

/// Tells a client that asked for progress that its call goes on, while the handler says nothing:
/// clients give up on what they hear nothing of, and only progress counts as hearing (MCP
/// 2025-11-25, Lifecycle, Timeouts).
public final class Heartbeat implements Interceptor {
  private final ToolLimits limits;

  public Heartbeat(ToolLimits limits) {
    this.limits = limits;
  }

  @Override
  public <R> R around(Invocation<R> invocation, Next<R> next) throws Exception {
    if (invocation instanceof Invocation.ToolCall call
        && call.context() instanceof Timed timed
        && timed.wantsProgress()) {
      var interval = limits.heartbeatOf(call.tool());
      if (interval.isPresent()) {
        try (var _ = new Beats(timed, interval.get())) {
          return next.proceed(invocation);
        }
      }
    }
    return next.proceed(invocation);
  }

  /// The beats of one run, from a virtual thread of their own. None comes after its end.
  static final class Beats implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Timed timed;
    private final Duration interval;
    private long earliest = System.nanoTime();
    private boolean saying;
    private boolean over;

    Beats(Timed timed, Duration interval) {
      this.timed = timed;
      this.interval = interval;
      var _ = Thread.ofVirtual().name("heartbeat").start(this::beat);
    }

    private void beat() {
      try {
        while (isDue()) {
          try {
            say();
          } finally {
            said();
          }
        }
      } catch (InterruptedException | CancellationException _) {
        // nobody hears them any more
      }
    }

    /// Waits for the time of the next one; false at the end.
    private boolean isDue() throws InterruptedException {
      lock.lock();
      try {
        while (!over) {
          var now = System.nanoTime();
          var left = Math.max(interval.minus(timed.quiet()).toNanos(), earliest - now);
          if (left <= 0) {
            earliest = now + interval.toNanos(); // whatever comes of it
            saying = true;
            return true;
          }
          var _ = changed.awaitNanos(left);
        }
        return false;
      } finally {
        lock.unlock();
      }
    }

    private void said() {
      lock.lock();
      try {
        saying = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /// One that could not be stored is one less: the next comes when the database is back.
    private void say() {
      try {
        timed.beat();
      } catch (DatabaseFailure _) {
        // what else the request does says it
      }
    }

    /// Waits for one that is on its way.
    @Override
    public void close() {
      lock.lock();
      try {
        over = true;
        changed.signalAll();
        while (saying) {
          changed.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
