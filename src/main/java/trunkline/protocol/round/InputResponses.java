package trunkline.protocol.round;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;

/// The answers that a client brings with its request, as far as their shape goes: what is in a form
/// is checked against the form.
public final class InputResponses {
  private static final String PATH = "params.inputResponses";

  private InputResponses() {}

  /// Those of a request.
  ///
  /// @throws RpcException when they are no object
  public static ObjectNode of(ObjectNode params) {
    if (!params.has("inputResponses")) {
      return Codec.object();
    }
    if (params.get("inputResponses") instanceof ObjectNode given) {
      return given;
    }
    throw RpcException.invalidParams(PATH + " must be an object");
  }

  /// The answer to a question.
  ///
  /// @throws RpcException when it can be none
  public static JsonNode require(Posed question, JsonNode answer) {
    return require(question.key(), question.method(), answer);
  }

  /// The answer to a question of this key and method.
  ///
  /// @throws RpcException when it can be none
  public static JsonNode require(String key, String method, JsonNode answer) {
    var fault =
        switch (method) {
          case "elicitation/create" ->
              isOneOf(answer.path("action"), "accept", "decline", "cancel")
                  ? ""
                  : "has an action: accept, decline or cancel";
          case "sampling/createMessage" ->
              answer.path("role").isString() && answer.has("content")
                  ? ""
                  : "is a message with a role and content";
          case "roots/list" -> answer.path("roots").isArray() ? "" : "has a list of roots";
          default -> "";
        };
    if (!(answer instanceof ObjectNode) || !fault.isEmpty()) {
      throw RpcException.invalidParams(
          "%s.%s is no answer to %s, which %s"
              .formatted(PATH, key, method, fault.isEmpty() ? "is an object" : fault));
    }
    return answer;
  }

  private static boolean isOneOf(JsonNode text, String... words) {
    return text.isString() && List.of(words).contains(text.stringValue());
  }
}
