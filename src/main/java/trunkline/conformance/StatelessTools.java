package trunkline.conformance;

import java.util.List;
import trunkline.feature.ClientCapability;
import trunkline.feature.FeatureKind;
import trunkline.feature.InHeader;
import trunkline.feature.Prompt;
import trunkline.feature.PromptMessage;
import trunkline.feature.RequestContext;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;

/// What the suite calls to see that a request without a session stands alone.
final class StatelessTools {
  private static final String SWITCHED_TOOL = "test_switched_tool";
  private static final String SWITCHED_PROMPT = "test_switched_prompt";

  record Routed(@InHeader("Region") String region) {}

  static final Tool MISSING_CAPABILITY =
      Tool.named("test_missing_capability")
          .description("Tests the refusal of a client that lacks a capability")
          .needs(ClientCapability.SAMPLING)
          .readOnly()
          .handler((none, context) -> ToolResult.text("The client has a model."));

  static final Tool STREAMING_ELICITATION =
      Tool.named("test_streaming_elicitation")
          .description("Tests that a call which reports progress still asks by ending")
          .needs(ClientCapability.ELICITATION)
          .handler((none, context) -> {
            context.progress(0, 1.0, "about to ask");
            return ToolResult.text(
                "Hello, " + InputTools.nameIn(context.ask(InputTools.USER_NAME)) + "!");
          });

  static final Tool LOGGING =
      Tool.named("test_logging_tool")
          .description("Tests that nobody is sent log messages who did not ask for them")
          .readOnly()
          .handler((none, context) -> {
            context.log(LogLevel.INFO, "The tool has something to say");
            return ToolResult.text("Logged");
          });

  static final Tool TRIGGER_TOOL_CHANGE =
      Tool.named("test_trigger_tool_change")
          .description(
              "Changes the list of tools: takes " + SWITCHED_TOOL + " out and puts it back")
          .idempotent()
          .handler((none, context) -> switchOffAndOn(context, FeatureKind.TOOL, SWITCHED_TOOL));

  static final Tool TRIGGER_PROMPT_CHANGE =
      Tool.named("test_trigger_prompt_change")
          .description(
              "Changes the list of prompts: takes " + SWITCHED_PROMPT + " out and puts it back")
          .idempotent()
          .handler((none, context) -> switchOffAndOn(context, FeatureKind.PROMPT, SWITCHED_PROMPT));

  static final Tool SWITCHED =
      Tool.named(SWITCHED_TOOL)
          .description("Is there, unless the list of tools is just being changed")
          .readOnly()
          .handler((none, context) -> ToolResult.text("Here"));

  static final Prompt SWITCHED_BESIDE =
      Prompt.named(SWITCHED_PROMPT)
          .title("Switched Prompt")
          .description("Is there, unless the list of prompts is just being changed")
          .handler((arguments, context) -> List.of(PromptMessage.user("Here")));

  static final Tool MIRRORED_ARGUMENT =
      Tool.named("test_custom_header")
          .description("Tests an argument that is repeated in a header")
          .input(Routed.class)
          .readOnly()
          .handler((input, context) -> ToolResult.text("Region: " + input.region()));

  private StatelessTools() {}

  private static ToolResult switchOffAndOn(RequestContext context, FeatureKind kind, String key) {
    context.server().setEnabled(kind, key, false);
    context.server().setEnabled(kind, key, true);
    return ToolResult.text("Changed");
  }
}
