package trunkline.protocol;

import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.protocol.listen.Listens;
import trunkline.protocol.method.Methods;
import trunkline.protocol.run.Calls;
import trunkline.protocol.run.Services;
import trunkline.session.Principal;

/// Both eras on one endpoint: each message goes to the one it belongs to ([Era]). What has no body,
/// and every batch, is about a session.
public final class TwoEras implements Gateway {
  private final StatefulGateway stateful;
  private final StatelessGateway stateless;

  public TwoEras(
      Services services, Calls calls, Methods methods, Listens listens, ServerIdentity identity) {
    this.stateful = new StatefulGateway(services, calls, methods, identity);
    this.stateless = new StatelessGateway(services, methods, calls.rounds(), listens, identity);
  }

  @Override
  public Reply post(Principal principal, McpHeaders headers, Body body)
      throws InterruptedException {
    return switch (body) {
      case Body.Single(var message) -> single(principal, headers, message);
      case Body.Batch(var messages) -> stateful.batch(principal, headers, messages);
    };
  }

  private Reply single(Principal principal, McpHeaders headers, Message message)
      throws InterruptedException {
    return switch (Era.of(message, headers)) {
      case Era.Refused(var error) ->
          Reply.Refused.because(Refusal.BAD_REQUEST, idOf(message), error);
      case Era.Ignored() -> new Reply.Accepted();
      case Era.Stateful() -> stateful.single(principal, headers, message);
      case Era.Stateless era -> stateless.post(principal, headers, (Message.Request) message, era);
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
