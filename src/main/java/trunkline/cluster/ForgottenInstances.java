package trunkline.cluster;

import java.time.Duration;
import trunkline.store.Database;

/// Drops the rows of those that went long ago.
final class ForgottenInstances implements Sweep {
  private final Database database;
  private final InstanceRows rows;

  ForgottenInstances(Database database, InstanceRows rows) {
    this.database = database;
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
    return database.call(connection -> rows.forget(connection, rowsMax));
  }
}
