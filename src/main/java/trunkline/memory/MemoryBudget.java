package trunkline.memory;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The bytes of the heap that requests, tasks and messages may hold together, from the first byte
/// of what was asked to the last of what is answered.
///
/// Whoever wants to hold more asks *before* it does, and waits for a moment while others hold too
/// much. What is there already, such as a result that a handler made, is only noted: it delays
/// those that come next. A quarter is kept for requests that hold little, so that they are not
/// delayed by those that hold much.
public final class MemoryBudget {
  /// What is little: a request of that weight gets in while large ones wait.
  public static final int LITTLE_BYTES = 32 * 1024;

  /// What waits in a queue and is smaller is only noted: the queue's places bound it.
  static final int TRIFLE_BYTES = 1024;

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

  /// What somebody holds, nothing yet.
  public HeldMemory open() {
    return new HeldMemory(this);
  }

  /// Takes so much for something that is about to wait in a queue, until it is over. Waits a moment
  /// for it; an interrupt cancels what was to begin.
  ///
  /// @throws MemoryShort before it has begun, when others hold too much
  public <T> CompletableFuture<T> taking(long bytes, Supplier<CompletableFuture<T>> begin) {
    var held = open();
    try {
      if (bytes < TRIFLE_BYTES) {
        held.note(bytes);
      } else {
        held.take(bytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(
          new CancellationException("interrupted while waiting for memory"));
    }
    return held(held, begin);
  }

  /// The same for what must not be refused: it delays those that come next.
  public <T> CompletableFuture<T> noting(long bytes, Supplier<CompletableFuture<T>> begin) {
    var held = open();
    held.note(bytes);
    return held(held, begin);
  }

  private static <T> CompletableFuture<T> held(
      HeldMemory held, Supplier<CompletableFuture<T>> begin) {
    try {
      var begun = begin.get();
      var _ = begun.whenComplete((_, _) -> held.close());
      return begun;
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
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
