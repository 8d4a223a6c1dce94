package trunkline.bench;

import java.util.List;
import trunkline.feature.ClientCapability;
import trunkline.feature.ElicitResult;
import trunkline.feature.Feature;
import trunkline.feature.SendOutcome;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message.Notification;

/// What the product is measured with.
final class BenchTools {
  record Text(String text) {}

  /// @param sessions ids of those that get messages, in turn
  /// @param first the number of each session's first message
  /// @param messages for each session
  /// @param startNanos when the first one is due
  /// @param everyNanos the next one is due after so long; 0: when the one before is kept
  record Flood(
      List<String> sessions,
      int first,
      int messages,
      int bytes,
      long startNanos,
      long everyNanos) {}

  static final Tool ECHO =
      Tool.named("echo")
          .description("Answers the text")
          .input(Text.class)
          .handler((input, _) -> ToolResult.text(input.text()));

  /// Each message begins with its number in its session and the time: when it was due, or else when
  /// it was sent.
  static final Tool FLOOD =
      Tool.named("flood")
          .description(
              "Sends messages to sessions, one after the other, each when the one before is kept")
          .input(Flood.class)
          .handler((input, context) -> {
            var due = input.startNanos();
            for (var message = 0; message < input.messages(); message++) {
              for (var session : input.sessions()) {
                var nanos = input.everyNanos() == 0 ? System.nanoTime() : await(due);
                var text = heard(input.first() + message, nanos, input.bytes());
                if (!(context.server().send(session, text) instanceof SendOutcome.Sent)) {
                  throw new ToolFailed("the session is gone");
                }
                due += input.everyNanos();
              }
            }
            return ToolResult.text("sent");
          });

  static final Tool SHOUT =
      Tool.named("shout")
          .description("Sends a text to every session")
          .input(Text.class)
          .handler((input, context) -> {
            context
                .server()
                .broadcast(
                    new Notification(
                        "notifications/message",
                        Codec.object().put("level", "notice").put("data", input.text())));
            return ToolResult.text("sent");
          });

  /// Asks the same until the user has had enough.
  static final Tool ASK =
      Tool.named("ask")
          .description("Asks again and again, until the user declines")
          .needs(ClientCapability.ELICITATION)
          .handler((none, context) -> {
            while (true) {
              if (!(context.elicit("Again?", Text.class) instanceof ElicitResult.Accepted<Text>)) {
                return ToolResult.text("enough");
              }
            }
          });

  private BenchTools() {}

  static Feature[] all() {
    return new Feature[] {ECHO, FLOOD, SHOUT, ASK};
  }

  private static long await(long due) throws InterruptedException {
    Pause.until(due);
    return due;
  }

  private static Notification heard(int number, long nanos, int bytes) {
    var text = number + " " + nanos + " ";
    return new Notification(
        "notifications/message",
        Codec.object()
            .put("level", "notice")
            .put("data", text + "x".repeat(Math.max(0, bytes - text.length()))));
  }
}
