package trunkline.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import trunkline.feature.Catalog;
import trunkline.feature.ClientCapability;
import trunkline.feature.Completion;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolBuilder;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.InsufficientScope;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.RateLimited;

/// One tool for each way that a call may end.
final class AuditTools {
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();

  record Said(String said) {}

  Gate gate(String name) {
    return gates.computeIfAbsent(name, _ -> new Gate());
  }

  Catalog catalog() {
    return Catalog.builder()
        .add(
            tool("say").handler((input, _) -> ToolResult.text("said " + input.said())),
            tool("fail")
                .handler((_, _) -> {
                  throw new ToolFailed("it did not work");
                }),
            tool("forbid")
                .handler((_, _) -> {
                  throw InsufficientScope.about("the tool forbid", List.of("bake"));
                }),
            tool("locked").requires("audit:unlock").handler((_, _) -> ToolResult.text("unlocked")),
            tool("limit")
                .handler((_, _) -> {
                  throw RateLimited.reached("rate-tool", "too often", Duration.ofSeconds(1));
                }),
            tool("ask")
                .needs(ClientCapability.ELICITATION)
                .handler((_, context) ->
                    ToolResult.text(
                        String.valueOf(context.elicit("Your name?", AskingTools.Who.class)))),
            tool("later")
                .tasks(TaskSupport.OPTIONAL)
                .handler((input, _) -> ToolResult.text("later " + input.said())),
            tool("slow")
                .timeout(Duration.ofMillis(50))
                .handler((_, _) -> {
                  gate("nobody opens").pass();
                  return ToolResult.text("late");
                }),
            tool("hold").handler((input, context) -> held(input, context::log)),
            tool("hold_again").idempotent().handler((input, context) -> held(input, context::log)))
        .add(Resource.at("audit://weather").name("weather").text((_, _) -> "sunny"))
        .add(
            Prompt.named("greet")
                .argument(
                    PromptArgument.required("said", "What is said")
                        .completedBy((_, _) -> Completion.of(List.of("hello"))))
                .handler((_, _) -> List.of(PromptMessage.user("hello"))))
        .build();
  }

  private interface Log {
    void log(LogLevel level, String text);
  }

  private ToolResult held(Said input, Log log) throws InterruptedException {
    log.log(LogLevel.ERROR, "begun");
    var gate = gate(input.said());
    gate.enter();
    gate.begin();
    gate.pass();
    return ToolResult.text("held");
  }

  private static ToolBuilder<Said, ToolResult> tool(String name) {
    return Tool.named(name).description("Ends in its own way").input(Said.class);
  }
}
