package trunkline.stream;

import java.time.Duration;
import java.util.List;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.stream.StreamStore.ConnectionChange;

/// Tells SQL clients that LISTEN on `trunkline_connections` which streams open and close, when it
/// is asked for (`--announce-connections`). After the commit of the fact itself, and as a hint: the
/// truth is in the view `trunkline.stream_directory`.
final class ConnectionChanges implements AutoCloseable {
  private static final LanePolicy POLICY = new LanePolicy(100, 20_000, Duration.ZERO);

  private final Lane<ConnectionChange, Boolean> lane;

  ConnectionChanges(StreamStore store) {
    this.lane = new Lane<>("trunkline-connections", POLICY, changes -> published(store, changes));
  }

  private static List<Boolean> published(StreamStore store, List<ConnectionChange> changes) {
    store.publish(changes);
    return changes.stream().map(_ -> true).toList();
  }

  void publish(ConnectionChange change) {
    var _ = lane.submit(change);
  }

  @Override
  public void close() {
    lane.close();
  }
}
