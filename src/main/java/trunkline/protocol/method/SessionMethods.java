package trunkline.protocol.method;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.wire.Params;

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
        LogLevel.parse(level)
            .orElseThrow(() -> RpcException.invalidParams("Unknown log level: " + level)));
    return Codec.object();
  }
}
