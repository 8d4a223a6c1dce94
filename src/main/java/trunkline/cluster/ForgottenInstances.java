package trunkline.cluster;

import java.time.Duration;
import trunkline.signal.Step;

/// Deletes the rows of instances that ended long ago.
final class ForgottenInstances implements Sweep {
  private final InstanceRows rows;

  ForgottenInstances(InstanceRows rows) {
    this.rows = rows;
  }

  @Override
  public String name() {
    return "forgotten instances";
  }

  @Override
  public Duration cadence() {
    return Duration.ofMinutes(10);
  }

  @Override
  public Step run(int rowsMax) {
    return Step.upTo(rowsMax, rows.forget(rowsMax));
  }
}
