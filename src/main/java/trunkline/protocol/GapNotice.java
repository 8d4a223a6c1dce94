package trunkline.protocol;

import java.util.ArrayList;
import java.util.List;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.Message;
import trunkline.session.Session;

/// The notice to a client on its standalone stream that messages for it are gone: a warning, and
/// hints that make it read everything again. An error would make clients deaf (delivery: S11).
final class GapNotice {
  private static final List<String> LISTS = List.of("tools", "resources", "prompts");

  private GapNotice() {}

  static List<byte[]> messages(Session session, List<String> subscriptions) {
    var messages = new ArrayList<byte[]>();
    if (session.logLevel().map(LogLevel.WARNING::reaches).orElse(true)) {
      var params = Codec.object();
      params.put("level", LogLevel.WARNING.text());
      params.put("logger", "trunkline");
      params.put("data", "Messages to this session were not kept long enough and are lost.");
      messages.add(notification("notifications/message", params));
    }
    for (var list : LISTS) {
      messages.add(notification("notifications/" + list + "/list_changed", Codec.object()));
    }
    for (var uri : subscriptions) {
      messages.add(notification("notifications/resources/updated", Codec.object().put("uri", uri)));
    }
    return messages;
  }

  private static byte[] notification(String method, tools.jackson.databind.node.ObjectNode params) {
    return Codec.encode(new Message.Notification(method, params));
  }
}
