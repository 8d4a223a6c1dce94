package trunkline.jsonrpc;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The reason of a failure, in JSON-RPC's terms. Strangers see the message: no secrets, no stack
/// traces; and what a stranger sent is not sent back at any length.
public record RpcError(int code, String message, @Nullable JsonNode data) {
  public static final int MESSAGE_LENGTH_MAX = 2_000;

  public RpcError {
    message = cut(message);
  }

  public RpcError(int code, String message) {
    this(code, message, null);
  }

  /// As it is spelled in a response.
  public ObjectNode json() {
    var json = Codec.object().put("code", code).put("message", message);
    if (data != null) {
      json.set("data", data);
    }
    return json;
  }

  /// Says which one was meant; its client knows a long one, and does not get it back.
  public static RpcError about(int code, String message, String name, String named) {
    var isShort = named.length() <= MESSAGE_LENGTH_MAX;
    return new RpcError(code, message, isShort ? Codec.object().put(name, named) : null);
  }

  /// The beginning of a text that may quote what a stranger sent.
  public static String cut(String message) {
    if (message.length() <= MESSAGE_LENGTH_MAX) {
      return message;
    }
    var between = Character.isHighSurrogate(message.charAt(MESSAGE_LENGTH_MAX - 1)) ? 1 : 0;
    return message.substring(0, MESSAGE_LENGTH_MAX - between) + "…";
  }
}
