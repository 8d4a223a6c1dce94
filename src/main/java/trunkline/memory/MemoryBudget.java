package trunkline.memory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The bytes of the heap that requests may hold together, from their first byte to their answer's
/// last.
///
/// Whoever wants to hold more asks *before* it does, and waits for a moment while others hold too
/// much. What is there already, such as a result that a handler made, is only noted: it delays
/// those that come next. A quarter is kept for requests that hold little, so that they are not
/// delayed by those that hold much.
public final class MemoryBudget {
  /// What is little: a request of that weight gets in while large ones wait.
  public static final int LITTLE_BYTES = 32 * 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final long max;
  private final Duration patience;
  private final EventSink events;
  private final AtomicLong used = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();

  public MemoryBudget(long max, EventSink events) {
    this(max, PATIENCE, events);
  }

  MemoryBudget(long max, Duration patience, EventSink events) {
    this.max = max;
    this.patience = patience;
    this.events = events;
  }

  /// A budget of so many percent of the heap.
  public static MemoryBudget share(int percent, EventSink events) {
    return new MemoryBudget(Runtime.getRuntime().maxMemory() / 100 * percent, events);
  }

  /// What a request holds, nothing yet.
  public HeldMemory open() {
    return new HeldMemory(this);
  }

  /// Whether somebody waits.
  boolean isShort() {
    return waiting.get() > 0;
  }

  public long used() {
    return used.get();
  }

  public long max() {
    return max;
  }

  /// @param all what the taker then holds altogether
  /// @throws MemoryShort when it stays too much
  void take(long bytes, long all) throws InterruptedException {
    var limit = all <= LITTLE_BYTES ? max : max / 4 * 3;
    if (tryTake(bytes, limit)) {
      return;
    }
    if (all <= limit && awaitTaken(bytes, limit)) {
      events.emit(new ServerEvent.MemoryAwaited());
      return;
    }
    events.emit(new ServerEvent.MemoryRefused());
    throw new MemoryShort(all > limit);
  }

  private boolean tryTake(long bytes, long limit) {
    while (true) {
      var before = used.get();
      if (before + bytes > limit) {
        return false;
      }
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
    }
  }

  private boolean awaitTaken(long bytes, long limit) throws InterruptedException {
    var left = patience.toNanos();
    waiting.incrementAndGet(); // before the look: whoever gives back after it sees us
    lock.lockInterruptibly();
    try {
      while (!tryTake(bytes, limit)) {
        if (left <= 0) {
          return false;
        }
        left = given.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
      waiting.decrementAndGet();
    }
  }

  void note(long bytes) {
    used.addAndGet(bytes);
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
    if (waiting.get() > 0) {
      lock.lock();
      try {
        given.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
