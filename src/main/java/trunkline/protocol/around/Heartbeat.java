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
    private final Condition ended = lock.newCondition();
    private final Timed timed;
    private final Duration interval;
    private boolean over;

    Beats(Timed timed, Duration interval) {
      this.timed = timed;
      this.interval = interval;
      var _ = Thread.ofVirtual().name("heartbeat").start(this::beat);
    }

    private void beat() {
      lock.lock();
      try {
        while (!over) {
          var left = interval.minus(timed.quiet());
          if (!left.isPositive()) {
            say();
            left = interval; // whatever came of it, the lock is free meanwhile
          }
          var _ = ended.awaitNanos(left.toNanos());
        }
      } catch (InterruptedException | CancellationException _) {
        // nobody hears them any more
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
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
