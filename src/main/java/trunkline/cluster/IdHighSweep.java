package trunkline.cluster;

import java.time.Duration;
import trunkline.signal.Step;

/// Keeps the highest id in use on record, so that a start needs no scan to see that ids would run
/// backwards.
final class IdHighSweep implements Sweep {
  private final ControlRows rows;

  IdHighSweep(ControlRows rows) {
    this.rows = rows;
  }

  @Override
  public String name() {
    return "highest id";
  }

  @Override
  public Duration cadence() {
    return Duration.ofSeconds(30);
  }

  @Override
  public Step run(int rowsMax) {
    return Step.whole(rows.noteIdHigh());
  }
}
