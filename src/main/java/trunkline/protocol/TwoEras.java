package trunkline.protocol;

import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.listen.Listens;
import trunkline.protocol.method.Methods;
import trunkline.protocol.run.Calls;
import trunkline.protocol.run.Services;
import trunkline.session.Principal;
import trunkline.session.Sender;

/// Both eras on one endpoint: each message goes to the one it belongs to ([Era]). What has no body,
/// and every batch, is about a session.
public final class TwoEras implements Gateway {
  private final StatefulGateway stateful;
  private final StatelessGateway stateless;

  public TwoEras(Services services, Calls calls, Methods methods, Listens listens) {
    this.stateful = new StatefulGateway(services, calls, methods);
    this.stateless = new StatelessGateway(services, methods, calls.rounds(), listens);
  }

  @Override
  public Reply post(Sender sender, McpHeaders headers, byte[] body) throws InterruptedException {
    Body decoded;
    try {
      decoded = Codec.decode(body);
    } catch (RpcException e) {
      return Reply.Refused.because(Refusal.BAD_REQUEST, e.id().orElse(null), e.error());
    }
    return switch (decoded) {
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
