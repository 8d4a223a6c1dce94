package trunkline.protocol.method;

import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.Method;
import trunkline.protocol.wire.Envelope;

/// A method as the stateless era serves it.
///
/// @param asks whether its client may be asked for input by the answer (MCP 2026-07-28, Multi
///   Round-Trip Requests: these are `tools/call`, `prompts/get` and `resources/read`)
/// @param extension that a client has to know to call it; empty: none
public record StatelessMethod(Method method, Caching caching, boolean asks, String extension) {

  /// Goes on only for clients that know its extension.
  ///
  /// @throws RpcException when its client did not declare it
  public void requireExtension(Envelope envelope) {
    if (!extension.isEmpty()) {
      envelope.require(extension);
    }
  }
}
