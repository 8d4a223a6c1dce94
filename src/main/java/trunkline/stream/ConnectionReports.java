package trunkline.stream;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;
import trunkline.stream.StreamStore.ConnectionChange;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Reports of what connections do: to the server's events, and to SQL clients when they are asked
/// for.
final class ConnectionReports implements AutoCloseable {
  private final Supplier<InstanceId> self;
  private final EventSink events;
  private final @Nullable ConnectionChanges changes;

  /// @param changes null when SQL clients are told nothing
  ConnectionReports(
      Supplier<InstanceId> self, EventSink events, @Nullable ConnectionChanges changes) {
    this.self = self;
    this.events = events;
    this.changes = changes;
  }

  void opened(ClaimedStream claimed) {
    var instance = self.get();
    events.emit(
        new ServerEvent.StreamOpened(
            instance.value(),
            claimed.session().value(),
            claimed.stream().value(),
            claimed.epoch()));
    if (changes != null) {
      changes.publish(new ConnectionChange(claimed, instance, null));
    }
  }

  /// @param written completes when the row says so too, as far as that was possible
  void closed(ClaimedStream claimed, CloseReason reason, CompletableFuture<Boolean> written) {
    var instance = self.get();
    if (changes != null) {
      var change = new ConnectionChange(claimed, instance, reason);
      var _ = written.whenComplete((_, _) -> changes.publish(change));
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
    if (changes != null) {
      changes.close();
    }
  }
}
