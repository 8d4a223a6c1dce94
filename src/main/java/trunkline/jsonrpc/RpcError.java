package trunkline.jsonrpc;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The reason of a failure, in JSON-RPC's terms. Strangers see the message: no secrets, no stack
/// traces.
public record RpcError(int code, String message, @Nullable JsonNode data) {
  public RpcError(int code, String message) {
    this(code, message, null);
  }
}
