package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.stream.StreamStore.ConnectionChange;
import trunkline.stream.StreamStore.Holding;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Reports of what connections do: to the server's events, and to SQL clients that LISTEN on
/// `trunkline_connections` when it is asked for (`--announce-connections`). To those after the
/// commit of the fact itself, and as a hint: the truth is in the view `trunkline.stream_directory`.
final class ConnectionReports implements AutoCloseable {
  private static final LanePolicy POLICY = new LanePolicy(100, 20_000, Duration.ZERO);

  private final EventSink events;
  private final @Nullable Lane<ConnectionChange, Boolean> lane;

  private ConnectionReports(EventSink events, @Nullable Lane<ConnectionChange, Boolean> lane) {
    this.events = events;
    this.lane = lane;
  }

  /// Events only.
  static ConnectionReports silent(EventSink events) {
    return new ConnectionReports(events, null);
  }

  /// Events, and notifications for SQL clients.
  static ConnectionReports announced(EventSink events, StreamStore store) {
    return new ConnectionReports(
        events, new Lane<>("trunkline-connections", POLICY, changes -> published(store, changes)));
  }

  private static List<Boolean> published(StreamStore store, List<ConnectionChange> changes) {
    store.publish(changes);
    return changes.stream().map(_ -> true).toList();
  }

  void opened(Holding holding, InstanceId instance) {
    events.emit(
        new ServerEvent.StreamOpened(
            instance.value(),
            holding.session().value(),
            holding.stream().value(),
            holding.epoch()));
    if (lane != null) {
      var _ = lane.submit(new ConnectionChange(holding, instance, null));
    }
  }

  /// @param instance that held it
  /// @param written completes when the row is written too
  void closed(
      Holding holding,
      InstanceId instance,
      CloseReason reason,
      CompletableFuture<Boolean> written) {
    if (lane != null) {
      var change = new ConnectionChange(holding, instance, reason);
      var _ = written.thenAccept(_ -> lane.submit(change));
    }
    events.emit(
        new ServerEvent.StreamClosed(
            instance.value(),
            holding.session().value(),
            holding.stream().value(),
            holding.epoch(),
            reason.wire()));
  }

  @Override
  public void close() {
    if (lane != null) {
      lane.close();
    }
  }
}
