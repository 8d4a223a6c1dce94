package trunkline.scenario;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Where a call waits until its test lets it go.
final class Gate {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();
  private final AtomicInteger deeds = new AtomicInteger();

  void awaitBegun() throws InterruptedException {
    require(begun, "the call did not begin");
  }

  /// Counts a run of the handler.
  void enter() {
    runs.incrementAndGet();
  }

  /// Does what must be done once.
  int deed() {
    return deeds.incrementAndGet();
  }

  int deeds() {
    return deeds.get();
  }

  /// Says that the handler has begun.
  void begin() {
    begun.countDown();
  }

  /// Where the handler waits.
  void pass() throws InterruptedException {
    try {
      require(opened, "nobody opened the gate");
    } catch (InterruptedException e) {
      interrupted.countDown();
      throw e;
    }
  }

  /// Where it waits and hears no interrupt, as somebody else's code may.
  void passUninterrupted() {
    var restore = Thread.interrupted();
    while (true) {
      try {
        require(opened, "nobody opened the gate");
        break;
      } catch (InterruptedException e) {
        restore = true;
        interrupted.countDown();
      }
    }
    if (restore) {
      Thread.currentThread().interrupt();
    }
  }

  void open() {
    opened.countDown();
  }

  void awaitInterrupted() throws InterruptedException {
    require(interrupted, "the call was not interrupted");
  }

  boolean isInterrupted() {
    return interrupted.getCount() == 0;
  }

  int runs() {
    return runs.get();
  }

  private static void require(CountDownLatch latch, String otherwise) throws InterruptedException {
    if (!latch.await(Trio.FAULT_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(otherwise);
    }
  }
}
