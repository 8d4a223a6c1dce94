package trunkline.bench;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Plays until it gets no better: the compiler of the JVM has come to its end then. On two cores it
/// competes with what it compiles, and the product has far more to compile than a floor.
final class WarmUp {
  private static final double BETTER = 1.03;
  private static final int STEADY = 2;
  private static final int TIMES_MAX = 12;

  private WarmUp() {}

  /// @param rate plays once, and says how much was done in a second
  static void of(Callable<Double> rate) throws Exception {
    var best = 0.0;
    for (int time = 0, steady = 0; time < TIMES_MAX && steady < STEADY; time++) {
      var now = rate.call();
      steady = now > best * BETTER ? 0 : steady + 1;
      best = Math.max(best, now);
    }
  }

  /// How long one play is.
  static Duration share(Effort effort) {
    return effort.warmUp().dividedBy(2);
  }
}
