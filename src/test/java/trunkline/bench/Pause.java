package trunkline.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The only place of the benchmark that sleeps. Tests wait for what they want to see; here a time
/// is what is measured: so long the load goes on beside the sleeper, or so long it rests.
final class Pause {
  private Pause() {}

  static void of(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  /// Not at all where the time has passed.
  static void until(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
  }

  /// Between two looks at what nobody reports.
  static void ofMillis(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }
}
