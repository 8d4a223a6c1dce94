package trunkline.testkit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcError;

/// How a client speaks with its server in one of the two eras.
sealed interface Conversation extends AutoCloseable
    permits SessionConversation, StatelessConversation {
  /// Sends a request and waits for its result; on the way it answers and hears what comes.
  JsonNode request(String method, ObjectNode params) throws InterruptedException;

  /// Hears changes from now on, also those of these resources; returns when that is certain.
  void listen(List<String> uris) throws InterruptedException;

  @Override
  void close();

  /// What a client is when a message comes that is no answer.
  interface Hearer {
    /// Answers a question.
    JsonNode asked(String method, ObjectNode params);

    /// Hears a notification.
    void heard(String method, ObjectNode params);

    ObjectNode capabilities();
  }

  static ObjectNode message(String method, ObjectNode params) {
    return Codec.object().put("jsonrpc", "2.0").put("method", method).set("params", params);
  }

  static ObjectNode clientInfo() {
    return Codec.object().put("name", "McpTestClient").put("version", "1");
  }

  /// The result in a response.
  ///
  /// @throws RequestRefused when it is an error
  static JsonNode result(String method, JsonNode response) {
    var error = response.path("error");
    if (error.isMissingNode()) {
      return response.path("result");
    }
    throw new RequestRefused(
        method,
        new RpcError(
            error.path("code").asInt(0), error.path("message").asString(""), error.get("data")));
  }

  static ObjectNode params(JsonNode message) {
    return message.path("params") instanceof ObjectNode params ? params : Codec.object();
  }

  /// Copies the params, with these members of `_meta` added.
  static ObjectNode withMeta(ObjectNode params, Map<String, JsonNode> added) {
    var copy = params.deepCopy();
    var meta = copy.withObject("/_meta");
    for (var entry : Set.copyOf(added.entrySet())) {
      if (!meta.has(entry.getKey())) {
        meta.set(entry.getKey(), entry.getValue());
      }
    }
    return copy;
  }
}
