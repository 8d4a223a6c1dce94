package trunkline.cluster;

import java.time.Duration;
import trunkline.signal.Step;

/// A job in bounded steps. Every instance does it, perhaps at the same time, so a step must be
/// harmless beside another: guarded, or `SKIP LOCKED`, and repeatable.
public interface Sweep {

  /// Its work in a few words, for logs and meters.
  String name();

  /// One step.
  ///
  /// @return how many rows it handled, and whether there may be more
  Step run(int rowsMax);

  /// The least time between runs; zero means every round.
  default Duration cadence() {
    return Duration.ZERO;
  }

  /// Rows of one step.
  default int rowsMax() {
    return 500;
  }
}
