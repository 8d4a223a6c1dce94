package trunkline.cluster;

import java.time.Duration;
import trunkline.signal.Step;

/// Deletes what operators did a month ago.
final class ForgottenActions implements Sweep {
  private final OperatorActionRows rows;

  ForgottenActions(OperatorActionRows rows) {
    this.rows = rows;
  }

  @Override
  public String name() {
    return "old operator actions";
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
