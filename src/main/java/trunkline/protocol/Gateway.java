package trunkline.protocol;

import java.util.Optional;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.session.Principal;
import trunkline.session.Sender;

/// A transport's view of the protocol: one call per HTTP request, or per line over stdio, on a
/// virtual thread that may wait.
///
/// HTTP must have passed the guards of `http`: host, origin, authentication, size, content type and
/// `Accept`; whether an answer may come as JSON or as events is settled there. An exception that
/// escapes is logged and answered as an internal error without its text, except
/// [trunkline.store.DatabaseUnavailable], which becomes a 503 with `Retry-After`.
public interface Gateway {
  /// Messages of the client.
  Reply post(Sender sender, McpHeaders headers, Body body) throws InterruptedException;

  /// The same as they came; what cannot be read is refused.
  default Reply post(Sender sender, McpHeaders headers, byte[] body) throws InterruptedException {
    Body decoded;
    try {
      decoded = Codec.decode(body);
    } catch (RpcException e) {
      return Reply.Refused.because(Refusal.BAD_REQUEST, e.id().orElse(null), e.error());
    }
    return post(sender, headers, decoded);
  }

  /// The same for a part of the catalog; empty when there is none of this name.
  Optional<Gateway> toolset(String name);

  Reply get(Principal principal, McpHeaders headers) throws InterruptedException;

  Reply delete(Principal principal, McpHeaders headers) throws InterruptedException;
}
