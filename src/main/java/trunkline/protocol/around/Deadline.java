package trunkline.protocol.around;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The time of one run of a handler, watched by a virtual thread of its own: it interrupts the
/// handler when the time is over, and gives it up when it goes on all the same. The time in which
/// the handler waits for a person does not count.
final class Deadline implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread handler = Thread.currentThread();
  private final Duration grace;
  private final Runnable givenUp;
  private long leftNanos;
  private int waiting;
  private boolean over;
  private boolean expired;

  /// Begins, for the current thread.
  ///
  /// @param grace how long the handler may go on after it was interrupted
  /// @param givenUp runs when it goes on for longer
  Deadline(Duration limit, Duration grace, Runnable givenUp) {
    this.leftNanos = limit.toNanos();
    this.grace = grace;
    this.givenUp = givenUp;
    var _ = Thread.ofVirtual().name("deadline").start(this::watch);
  }

  private void watch() {
    if (expires()) {
      var isDeaf = letGo();
      if (isDeaf) {
        givenUp.run();
      }
    }
  }

  /// Waits until the time is over, and interrupts the handler then.
  private boolean expires() {
    lock.lock();
    try {
      while (!over && (waiting > 0 || leftNanos > 0)) {
        if (waiting > 0) {
          changed.await();
        } else {
          var begun = System.nanoTime();
          var _ = changed.awaitNanos(leftNanos);
          leftNanos -= System.nanoTime() - begun;
        }
      }
      if (!over) {
        expired = true;
        handler.interrupt(); // with the lock: it is not disarmed meanwhile
      }
      return expired;
    } catch (InterruptedException e) { // nobody does that
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// @return whether the handler is still there after the grace
  private boolean letGo() {
    lock.lock();
    try {
      var left = grace.toNanos();
      while (!over && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !over;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// The handler waits for a person, or does so no more.
  void stand(boolean still) {
    change(() -> waiting += still ? 1 : -1);
  }

  boolean isExpired() {
    lock.lock();
    try {
      return expired;
    } finally {
      lock.unlock();
    }
  }

  /// The handler has ended: no interrupt of this comes any more, and one that came is taken back.
  @Override
  public void close() {
    change(() -> {
      over = true;
      if (expired) {
        var _ = Thread.interrupted();
      }
    });
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
