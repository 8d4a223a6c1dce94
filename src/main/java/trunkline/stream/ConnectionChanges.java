package trunkline.stream;

import java.time.Duration;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;

/// Tells SQL clients that LISTEN on `trunkline_connections` which streams open and close, when it
/// is asked for (`--announce-connections`). After the commit of the fact itself, and as a hint: the
/// truth stands in the view `trunkline.stream_directory`.
final class ConnectionChanges implements AutoCloseable {

  private final Lane<ConnectionChange, Boolean> lane;

  /// A stream that opened, or with a reason, closed.
  record ConnectionChange(
      ClaimedStream holding, InstanceId instance, String event, String reason) {}

  ConnectionChanges(Database database) {
    this.lane =
        new Lane<>(
            "trunkline-connections",
            new LanePolicy(100, 20_000, Duration.ZERO),
            database,
            StreamRows::tell);
  }

  void opened(ClaimedStream holding, InstanceId instance) {
    var _ = lane.submit(new ConnectionChange(holding, instance, "opened", ""));
  }

  void closed(ClaimedStream holding, InstanceId instance, String reason) {
    var _ = lane.submit(new ConnectionChange(holding, instance, "closed", reason));
  }

  @Override
  public void close() {
    lane.close();
  }
}
