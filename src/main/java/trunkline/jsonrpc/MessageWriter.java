package trunkline.jsonrpc;

import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Message.Notification;
import trunkline.jsonrpc.Message.Request;
import trunkline.jsonrpc.Response.Failure;
import trunkline.jsonrpc.Response.Success;

/// Spells a message as JSON. Empty params and unknown ids are left out.
final class MessageWriter {
  private MessageWriter() {}

  static ObjectNode json(Message message) {
    var json = Codec.object().put("jsonrpc", "2.0");
    switch (message) {
      case Request(var id, var method, var params) -> {
        json.set("id", id.json());
        method(json, method, params);
      }
      case Notification(var method, var params) -> method(json, method, params);
      case Success(var id, var result) -> json.set("id", id.json()).set("result", result);
      case Failure(var id, var error) -> {
        if (id != null) {
          json.set("id", id.json());
        }
        json.set("error", error.json());
      }
    }
    return json;
  }

  private static void method(ObjectNode json, String method, ObjectNode params) {
    json.put("method", method);
    if (!params.isEmpty()) {
      json.set("params", params);
    }
  }
}
