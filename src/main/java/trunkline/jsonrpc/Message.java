package trunkline.jsonrpc;

import tools.jackson.databind.node.ObjectNode;

/// One JSON-RPC 2.0 message. Absent params are an empty object.
public sealed interface Message permits Message.Request, Message.Notification, Response {
  /// Asks for an answer.
  record Request(RequestId id, String method, ObjectNode params) implements Message {}

  /// Says something and expects no answer.
  record Notification(String method, ObjectNode params) implements Message {
    public Notification(String method) {
      this(method, Codec.object());
    }
  }
}
