package trunkline.signal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes one waiting thread early. A ring carries no data and may be lost, late or repeated; the
/// woken thread reads the database again.
public final class Doorbell {
  private final Semaphore rings = new Semaphore(0);

  public void ring() {
    // One permit is enough; without this an unattended bell would count towards overflow.
    if (rings.availablePermits() == 0) {
      rings.release();
    }
  }

  /// Waits for a ring. Rings from before the call are not forgotten, so "read, then wait" cannot
  /// miss one.
  ///
  /// @return true when rung, false when the interval passed; both mean "read again"
  public boolean await(Duration interval) throws InterruptedException {
    var rung = rings.tryAcquire(interval.toNanos(), TimeUnit.NANOSECONDS);
    rings.drainPermits();
    return rung;
  }

  /// The same, for however long it takes.
  public void await() throws InterruptedException {
    rings.acquire();
    rings.drainPermits();
  }
}
