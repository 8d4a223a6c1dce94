package trunkline.cluster;

import java.time.Duration;

/// A chore in bounded steps. Every instance does it, at the same time if it so happens, so a step
/// must be harmless beside another: guarded, or `SKIP LOCKED`, and repeatable.
public interface Sweep {

  /// For logs and meters: what it does, in a few words.
  String name();

  /// One step.
  ///
  /// @return how many rows it dealt with; `rowsMax` means there may be more
  int run(int rowsMax);

  /// How often, at most; zero means at every round of the sweeper.
  default Duration cadence() {
    return Duration.ZERO;
  }

  /// Rows of one step.
  default int rowsMax() {
    return 500;
  }
}
