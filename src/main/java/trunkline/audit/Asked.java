package trunkline.audit;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import trunkline.feature.Implementation;
import trunkline.jsonrpc.Message;

/// What the record takes of a request: what it is about, and that of which the digest is made.
final class Asked {
  private static final int URI_LENGTH_MAX = 500;

  private Asked() {}

  /// The tool, the prompt or the resource; tasks have keys, and others are about nothing.
  static String name(Message.Request request) {
    var params = request.params();
    return switch (request.method()) {
      case "tools/call", "prompts/get" -> params.path("name").asString("");
      case "resources/read", "resources/subscribe", "resources/unsubscribe" ->
          Plain.uri(params.path("uri").asString(""), URI_LENGTH_MAX);
      case "completion/complete" -> {
        var reference = params.path("ref");
        yield reference.has("uri")
            ? Plain.uri(reference.path("uri").asString(""), URI_LENGTH_MAX)
            : reference.path("name").asString("");
      }
      default -> "";
    };
  }

  static JsonNode arguments(Message.Request request) {
    var params = request.params();
    return switch (request.method()) {
      case "tools/call", "prompts/get" -> params.path("arguments");
      case "completion/complete" -> params.path("argument");
      case "tasks/update" -> params.path("inputResponses");
      default -> MissingNode.getInstance();
    };
  }

  /// What the client says that it is, where it says so in the message.
  static String client(Message.Request request) {
    var said =
        request.method().equals("initialize")
            ? request.params().path("clientInfo")
            : request.params().path("_meta").path("io.modelcontextprotocol/clientInfo");
    return Implementation.from(said).map(Deed::spelled).orElse("");
  }
}
