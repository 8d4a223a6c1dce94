package trunkline.jsonrpc;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Message.Notification;
import trunkline.jsonrpc.Message.Request;
import trunkline.jsonrpc.Response.Failure;
import trunkline.jsonrpc.Response.Success;

/// Decides which message a JSON object is.
final class MessageReader {
  private MessageReader() {}

  static Message read(ObjectNode json) {
    var idNode = json.get("id");
    var hasMethod = json.has("method");
    // A failure may answer a request whose id its receiver could not read: only there null is an
    // id.
    var isResponse = !hasMethod && (json.has("result") || json.has("error"));
    var id = idNode == null || (isResponse && idNode.isNull()) ? null : id(idNode);
    try {
      if (!json.path("jsonrpc").isString() || !json.path("jsonrpc").stringValue().equals("2.0")) {
        throw RpcException.invalidRequest("jsonrpc must be \"2.0\"");
      }
      return isResponse ? response(json, id) : requestOrNotification(json, id);
    } catch (RpcException e) {
      throw new RpcException(e.error(), id);
    }
  }

  private static RequestId id(JsonNode id) {
    try {
      return RequestId.of(id);
    } catch (RpcException e) {
      throw new RpcException(e.error(), new RequestId.Unreadable());
    }
  }

  private static Message requestOrNotification(ObjectNode json, @Nullable RequestId id) {
    var method = json.path("method");
    if (!method.isString() || method.stringValue().isEmpty()) {
      throw RpcException.invalidRequest("method must be a string that is not empty");
    }
    if (json.has("result") || json.has("error")) {
      throw RpcException.invalidRequest("a message has a method or a result or an error");
    }
    var params = params(json.get("params"));
    return id == null
        ? new Notification(method.stringValue(), params)
        : new Request(id, method.stringValue(), params);
  }

  private static ObjectNode params(@Nullable JsonNode params) {
    // An empty list is how some write that there are none.
    if (params == null || params.isNull() || (params.isArray() && params.isEmpty())) {
      return Codec.object();
    }
    if (params instanceof ObjectNode object) {
      return object;
    }
    throw params.isArray()
        ? RpcException.invalidParams("params must be an object, MCP has no positional params")
        : RpcException.invalidRequest("params must be an object");
  }

  private static Response response(ObjectNode json, @Nullable RequestId id) {
    var result = json.get("result");
    var error = json.get("error");
    if (result != null && error != null) {
      throw RpcException.invalidRequest("a response has a result or an error, not both");
    }
    if (error != null) {
      return new Failure(id, error(error));
    }
    if (id == null || result == null) {
      throw RpcException.invalidRequest("a result needs the id of its request");
    }
    return new Success(id, result);
  }

  private static RpcError error(JsonNode error) {
    if (!error.path("code").isIntegralNumber()
        || !error.path("code").canConvertToInt()
        || !error.path("message").isString()) {
      throw RpcException.invalidRequest("an error has an integer code and a message");
    }
    return new RpcError(
        error.path("code").intValue(), error.path("message").stringValue(), error.get("data"));
  }
}
