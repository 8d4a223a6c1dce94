package trunkline.cluster;

import java.time.Duration;

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
  public int run(int rowsMax) {
    return rows.forget(rowsMax);
  }
}
