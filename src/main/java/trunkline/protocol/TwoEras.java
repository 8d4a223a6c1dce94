package trunkline.protocol;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.protocol.listen.Listens;
import trunkline.protocol.method.Methods;
import trunkline.protocol.method.Toolsets;
import trunkline.protocol.run.Calls;
import trunkline.protocol.run.Services;
import trunkline.session.Principal;
import trunkline.session.Sender;

/// Both eras on one endpoint, for the whole catalog and for each of its toolsets: each message goes
/// to the one it belongs to ([Era]). What has no body, and every batch, is about a session.
public final class TwoEras implements Gateway {
  private final StatefulGateway stateful;
  private final StatelessGateway stateless;

  private final Map<String, Gateway> toolsets = new HashMap<>();

  public TwoEras(Services services, Calls calls, Toolsets toolsets, Listens listens) {
    this(services, calls, toolsets.whole(), "", listens);
    toolsets
        .parts()
        .forEach((name, methods) ->
            this.toolsets.put(name, new TwoEras(services, calls, methods, name, listens)));
  }

  /// @param toolset whose methods they are; empty: the whole catalog's
  private TwoEras(
      Services services, Calls calls, Methods methods, String toolset, Listens listens) {
    this.stateful = new StatefulGateway(services, calls, methods, toolset);
    this.stateless = new StatelessGateway(services, methods, calls.rounds(), listens);
  }

  @Override
  public Optional<Gateway> toolset(String name) {
    return Optional.ofNullable(toolsets.get(name));
  }

  @Override
  public Reply post(Sender sender, McpHeaders headers, Body body) throws InterruptedException {
    return switch (body) {
      case Body.Single(var message) -> single(sender, headers, message);
      case Body.Batch(var messages) -> stateful.batch(sender, headers, messages);
    };
  }

  private Reply single(Sender sender, McpHeaders headers, Message message)
      throws InterruptedException {
    return switch (Era.of(message, headers)) {
      case Era.Refused(var error) ->
          Reply.Refused.because(Refusal.BAD_REQUEST, idOf(message), error);
      case Era.Ignored() -> new Reply.Accepted();
      case Era.Stateful() -> stateful.single(sender, headers, message);
      case Era.Stateless era -> stateless.post(sender, headers, (Message.Request) message, era);
    };
  }

  private static @Nullable RequestId idOf(Message message) {
    return message instanceof Message.Request request ? request.id() : null;
  }

  @Override
  public Reply get(Principal principal, McpHeaders headers) throws InterruptedException {
    return stateful.get(principal, headers);
  }

  @Override
  public Reply delete(Principal principal, McpHeaders headers) throws InterruptedException {
    return stateful.delete(principal, headers);
  }
}
