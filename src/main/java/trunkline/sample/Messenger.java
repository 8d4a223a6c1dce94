package trunkline.sample;

import trunkline.feature.Description;
import trunkline.feature.Length;
import trunkline.feature.SendOutcome;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message.Notification;

/// Sends to other sessions: they hear it on their own stream, whichever instance holds it.
final class Messenger {
  record Whisper(
      @Description("as who_am_i says it in the other client") String sessionId,
      @Length(min = 1, max = 500) String text) {}

  record Shout(@Length(min = 1, max = 500) String text) {}

  record Me(String sessionId, String principal) {}

  static final Tool WHO_AM_I =
      Tool.named("who_am_i")
          .description("Tells this session's id, so that another session can whisper to it")
          .output(Me.class)
          .readOnly()
          .handler((none, context) -> new Me(context.sessionId().orElse(""), context.principal()));

  static final Tool WHISPER =
      Tool.named("whisper")
          .description("Sends a text to one other session")
          .input(Whisper.class)
          .handler((whisper, context) ->
              switch (context.server().send(whisper.sessionId(), heard(whisper.text()))) {
                case SendOutcome.Sent() -> ToolResult.text("Sent.");
                case SendOutcome.SessionGone(var _) ->
                    throw new ToolFailed("there is no such session");
              });

  static final Tool SHOUT =
      Tool.named("shout")
          .description("Sends a text to every session")
          .input(Shout.class)
          .handler((shout, context) -> {
            context.server().broadcast(heard(shout.text()));
            return ToolResult.text("Sent to everybody.");
          });

  private Messenger() {}

  /// A log message, which clients of every revision can show.
  private static Notification heard(String text) {
    return new Notification(
        "notifications/message",
        Codec.object().put("level", "notice").put("logger", "messenger").put("data", text));
  }
}
