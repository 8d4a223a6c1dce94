package trunkline.http;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import trunkline.access.Authenticator;
import trunkline.audit.Denials;
import trunkline.memory.MemoryBudget;
import trunkline.protocol.Gateway;
import trunkline.signal.InstanceId;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The endpoints' connections.
///
/// @param denials is told whose credentials were refused
/// @param instance this instance's id, which changes when it was fenced
/// @param shownHeaders the names of the request headers that handlers see, in lower case
/// @param metrics the meters as Prometheus text, if they can be had
public record HttpWiring(
    Gateway gateway,
    Authenticator authenticator,
    Denials denials,
    Health health,
    Supplier<Optional<String>> metrics,
    Supplier<InstanceId> instance,
    Set<String> shownHeaders,
    MemoryBudget memory,
    EventSink events) {
  /// A stream was ended with the credentials that opened it.
  void reportDismissed() {
    events.emit(new ServerEvent.StreamDismissed(instance.get().value()));
  }

  /// A connection was closed on a client that hung.
  void reportCut() {
    events.emit(new ServerEvent.ConnectionCut(instance.get().value()));
  }
}
