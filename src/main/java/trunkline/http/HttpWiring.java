package trunkline.http;

import java.util.Map;
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
/// @param pages what people find beside MCP, by path; one that ends with a slash is for all below
///   it
/// @param managementPages the same beside health and metrics
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
    Map<String, Pages> pages,
    Map<String, Pages> managementPages,
    EventSink events) {
  public HttpWiring {
    pages = Map.copyOf(pages);
    managementPages = Map.copyOf(managementPages);
  }

  /// A stream was ended with the credentials that opened it.
  void reportDismissed() {
    events.emit(new ServerEvent.StreamDismissed(instance.get().value()));
  }

  /// A connection was closed on a client that hung.
  void reportCut() {
    events.emit(new ServerEvent.ConnectionCut(instance.get().value()));
  }
}
