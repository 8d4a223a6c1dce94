package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.stream.StreamStore.ConnectionChange;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Reports of what connections do: to the server's events, and to SQL clients that LISTEN on
/// `trunkline_connections` when it is asked for (`--announce-connections`). To those after the
/// commit of the fact itself, and as a hint: the truth is in the view `trunkline.stream_directory`.
final class ConnectionReports implements AutoCloseable {
  private static final LanePolicy POLICY = new LanePolicy(100, 20_000, Duration.ZERO);

  private final Supplier<InstanceId> self;
  private final EventSink events;
  private final @Nullable Lane<ConnectionChange, Boolean> lane;

  private ConnectionReports(
      Supplier<InstanceId> self, EventSink events, @Nullable Lane<ConnectionChange, Boolean> lane) {
    this.self = self;
    this.events = events;
    this.lane = lane;
  }

  /// Events only.
  static ConnectionReports silent(Supplier<InstanceId> self, EventSink events) {
    return new ConnectionReports(self, events, null);
  }

  /// Events, and notifications for SQL clients.
  static ConnectionReports announced(
      Supplier<InstanceId> self, EventSink events, StreamStore store) {
    return new ConnectionReports(
        self,
        events,
        new Lane<>("trunkline-connections", POLICY, changes -> published(store, changes)));
  }

  private static List<Boolean> published(StreamStore store, List<ConnectionChange> changes) {
    store.publish(changes);
    return changes.stream().map(_ -> true).toList();
  }

  void opened(ClaimedStream claimed) {
    var instance = self.get();
    events.emit(
        new ServerEvent.StreamOpened(
            instance.value(),
            claimed.session().value(),
            claimed.stream().value(),
            claimed.epoch()));
    if (lane != null) {
      var _ = lane.submit(new ConnectionChange(claimed, instance, null));
    }
  }

  /// @param written completes when the row is written too, if it could be
  void closed(ClaimedStream claimed, CloseReason reason, CompletableFuture<Boolean> written) {
    var instance = self.get();
    if (lane != null) {
      var change = new ConnectionChange(claimed, instance, reason);
      var _ =
          written.whenComplete((_, _) -> {
            var _ = lane.submit(change);
          });
    }
    events.emit(
        new ServerEvent.StreamClosed(
            instance.value(),
            claimed.session().value(),
            claimed.stream().value(),
            claimed.epoch(),
            reason.wire()));
  }

  @Override
  public void close() {
    if (lane != null) {
      lane.close();
    }
  }
}
