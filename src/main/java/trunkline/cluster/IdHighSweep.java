package trunkline.cluster;

import java.time.Duration;
import trunkline.store.Database;

/// Keeps the highest id in use on record, so that a start needs no scan to see that ids would run
/// backwards.
final class IdHighSweep implements Sweep {
  private final Database database;

  IdHighSweep(Database database) {
    this.database = database;
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
  public int run(int rowsMax) {
    return database.call(ControlRows::noteIdHigh);
  }
}
