package trunkline.history;

import java.time.Duration;
import java.util.function.Supplier;
import trunkline.signal.InstanceId;
import trunkline.store.Database;

/// Writes what this instance did, and forgets what all did a week ago. For one thread.
public final class Minutes {
  /// How often it is written.
  public static final Duration TURN = Duration.ofSeconds(20);

  private final TrafficCount count;
  private final MinuteRows rows;
  private final Supplier<InstanceId> self;
  private Traffic written = TrafficCount.NONE;
  private Traffic wanted = TrafficCount.NONE;
  private long turn = 1;

  /// @param self this instance, whose number changes when it was fenced
  public Minutes(TrafficCount count, Database database, Supplier<InstanceId> self) {
    this.count = count;
    this.rows = new MinuteRows(database);
    this.self = self;
  }

  /// Writes what came since, if anything did. What may have been written is asked for once more, by
  /// its number and as it was, before anything is added to it.
  public void keepUp() {
    if (wanted.equals(written)) {
      wanted = count.soFar();
    }
    var came = wanted.since(written);
    if (!came.isNone()) {
      rows.add(self.get(), turn, came);
      turn++;
    }
    written = wanted;
  }

  /// Forgets minutes of a week ago.
  ///
  /// @return how many rows
  public int sweep(int rowsMax) {
    return rows.forget(rowsMax);
  }
}
