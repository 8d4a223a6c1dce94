package trunkline.scenario;

import java.util.Locale;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.RpcException;

/// Tools that talk and answer, and wait for nobody.
final class TalkingTools {
  /// With what PostgreSQL's text does not have, and long.
  static final String SHOUT = "no\0".repeat(1_000);

  record Text(String text) {}

  record Count(int to) {}

  record Note(String level, String text) {}

  record Big(String what, int bytes) {}

  static final Tool ECHO =
      Tool.named("echo")
          .description("Answers the text")
          .input(Text.class)
          .handler((input, _) -> ToolResult.text(input.text()));

  static final Tool COUNT =
      Tool.named("count")
          .description("Sends that many messages, then answers")
          .input(Count.class)
          .handler((input, context) -> {
            for (var i = 1; i <= input.to(); i++) {
              context.progress(i, input.to());
              context.log(LogLevel.ERROR, "count " + i);
            }
            return ToolResult.text("counted " + input.to());
          });

  static final Tool SAY =
      Tool.named("say")
          .description("Logs a message of a level")
          .input(Note.class)
          .handler((input, context) -> {
            context.log(LogLevel.valueOf(input.level().toUpperCase(Locale.ROOT)), input.text());
            return ToolResult.text("said");
          });

  static final Tool BE_BIG =
      Tool.named("be_big")
          .description("Makes a result, a message or a question of about so many bytes")
          .input(Big.class)
          .handler((input, context) -> {
            var text = "x".repeat(input.bytes());
            switch (input.what()) {
              case "message" -> context.log(LogLevel.ERROR, text);
              case "question" -> context.elicit(text, AskingTools.Who.class);
              default -> {
                return ToolResult.text(text);
              }
            }
            return ToolResult.text("done");
          });

  static final Tool REMEMBER =
      Tool.named("remember")
          .description("Keeps the text for a moment, and answers what was kept")
          .input(Text.class)
          .handler((input, context) -> {
            context.values().put("kept", input.text());
            var kept = context.values().find("kept", String.class);
            var forgotten = context.values().remove("kept");
            return ToolResult.text(kept.orElse("nothing") + " " + forgotten);
          });

  static final Tool LATER =
      Tool.named("later")
          .description("Answers the text, in its own time")
          .tasks(TaskSupport.REQUIRED)
          .input(Text.class)
          .handler((input, context) -> {
            context.progress(1, 2.0, "on its way");
            context.log(LogLevel.ERROR, "soon");
            return switch (input.text()) {
              case "fail" -> throw new ToolFailed("it did not work");
              case "shout" -> throw new ToolFailed(SHOUT);
              case "break" -> throw RpcException.invalidParams("that is no text");
              default -> ToolResult.text(input.text());
            };
          });

  private TalkingTools() {}
}
