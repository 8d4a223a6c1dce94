package trunkline.protocol;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.Response;
import trunkline.protocol.method.Methods;
import trunkline.protocol.method.Toolsets;
import trunkline.session.Principal;
import trunkline.session.Sender;
import trunkline.trace.Operation;
import trunkline.trace.Operations;
import trunkline.trace.Target;
import trunkline.trace.Tracing;

/// A gateway whose requests and notifications are traced, each from its arrival. Whatever runs a
/// request ends its span with the answer; what is answered or refused before that ends here.
public final class TracedGateway implements Gateway {
  /// Those of clients; whatever else they say is not heard.
  private static final Set<String> NOTIFICATIONS =
      Set.of(
          "notifications/initialized",
          "notifications/cancelled",
          "notifications/progress",
          "notifications/roots/list_changed");

  /// Requests that are not among the methods.
  private static final Set<String> OTHER_REQUESTS = Set.of("initialize", "subscriptions/listen");

  private final Gateway gateway;
  private final Toolsets toolsets;
  private final Methods methods;
  private final Tracing tracing;

  /// @param methods those that it serves
  private TracedGateway(Gateway gateway, Toolsets toolsets, Methods methods, Tracing tracing) {
    this.gateway = gateway;
    this.toolsets = toolsets;
    this.methods = methods;
    this.tracing = tracing;
  }

  /// The gateway itself where nothing is traced.
  public static Gateway of(Gateway gateway, Toolsets toolsets, Tracing tracing) {
    return tracing.isOn()
        ? new TracedGateway(gateway, toolsets, toolsets.whole(), tracing)
        : gateway;
  }

  @Override
  public Reply post(Sender sender, McpHeaders headers, Body body) throws InterruptedException {
    var messages =
        switch (body) {
          case Body.Single(var message) -> List.of(message);
          case Body.Batch(var all) -> all;
        };
    var operations =
        Operations.arrived(
            tracing,
            headers.arrival(),
            name -> headers.find(name).orElse(null),
            messages,
            this::target);
    try {
      var reply = operations.serve(() -> gateway.post(sender, headers, body));
      operations.endOthers(operation -> end(operation, reply));
      return reply;
    } catch (InterruptedException | RuntimeException | Error e) {
      operations.endOthers(operation -> operation.end(e.getClass().getName()));
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e); // a gateway throws no other
    }
  }

  private static void end(Operation operation, Reply reply) {
    switch (reply) {
      case Reply.Accepted _, Reply.Ended _, Reply.Streaming _ -> operation.end();
      case Reply.Answer(var body, var _) -> end(operation, body);
      case Reply.Refused(var _, var body) -> end(operation, body);
      case Reply.Denied(var _, var body) -> end(operation, body);
      case Reply.Limited(var _, var body) -> end(operation, body);
    }
  }

  private static void end(Operation operation, byte[] body) {
    if (Codec.decodeOurs(body) instanceof Body.Single(Response response)) {
      operation.end(response);
    } else {
      operation.end();
    }
  }

  private Target target(Message message) {
    return switch (message) {
      case Message.Request request -> target(request);
      case Message.Notification(var method, var _) ->
          NOTIFICATIONS.contains(method) ? Target.of(method) : Target.unknown();
      case Response _ -> Target.unknown();
    };
  }

  private Target target(Message.Request request) {
    var method = request.method();
    if (!OTHER_REQUESTS.contains(method)
        && methods.find(method).isEmpty()
        && methods.findStateless(method).isEmpty()) {
      return Target.unknown();
    }
    var name = request.params().path("name").asString("");
    var uri = request.params().path("uri").asString("");
    return switch (method) {
      case "tools/call" -> Target.tool(method, methods.hasTool(name) ? name : null);
      case "prompts/get" -> Target.prompt(method, methods.hasPrompt(name) ? name : null);
      case "resources/read", "resources/subscribe", "resources/unsubscribe" ->
          Target.resource(method, methods.isListed(uri) ? uri : null);
      default -> Target.of(method);
    };
  }

  @Override
  public Optional<Gateway> toolset(String name) {
    var own = toolsets.parts().getOrDefault(name, methods);
    return gateway.toolset(name).map(part -> new TracedGateway(part, toolsets, own, tracing));
  }

  @Override
  public Reply get(Principal principal, McpHeaders headers) throws InterruptedException {
    return gateway.get(principal, headers);
  }

  @Override
  public Reply delete(Principal principal, McpHeaders headers) throws InterruptedException {
    return gateway.delete(principal, headers);
  }
}
