package trunkline.jsonrpc;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Why a request failed, in the words of JSON-RPC. The message is shown to strangers: no secrets,
/// no stack traces.
public record RpcError(int code, String message, @Nullable JsonNode data) {
  public RpcError(int code, String message) {
    this(code, message, null);
  }
}
