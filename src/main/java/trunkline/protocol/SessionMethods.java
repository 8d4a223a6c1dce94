package trunkline.protocol;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Severity;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;

/// `ping` and `logging/setLevel`. Their result is exactly `{}`: clients check it against a closed
/// schema.
final class SessionMethods {
  private SessionMethods() {}

  static JsonNode ping(CallContext context, ObjectNode params) {
    return Codec.object();
  }

  static JsonNode setLevel(CallContext context, ObjectNode params) {
    var level = new Params(params).string("level");
    context.setLogLevel(
        Severity.find(level)
            .orElseThrow(() -> RpcException.invalidParams("Unknown log level: " + level)));
    return Codec.object();
  }
}
