package trunkline.conformance;

import java.util.ArrayList;
import java.util.List;
import trunkline.feature.ClientCapability;
import trunkline.feature.ElicitResult;
import trunkline.feature.InputRequest;
import trunkline.feature.Prompt;
import trunkline.feature.PromptMessage;
import trunkline.feature.Root;
import trunkline.feature.SamplingRequest;
import trunkline.feature.SamplingResult;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// What needs input from its client before it can answer. The suite calls these in the stateless
/// era, where a call asks by ending; in a session they ask and wait.
final class InputTools {
  record Name(String name) {}

  record Consent(boolean ok) {}

  record Color(String color) {}

  record Background(String context) {}

  static final InputRequest<ElicitResult<Name>> USER_NAME =
      InputRequest.form("What is your name?", Name.class).named("user_name");
  private static final InputRequest<ElicitResult<Consent>> CONFIRM =
      InputRequest.form("Please confirm", Consent.class).named("confirm");
  private static final InputRequest<SamplingResult> CAPITAL =
      InputRequest.sampling(SamplingRequest.of("What is the capital of France?", 100))
          .named("capital_question");
  private static final InputRequest<SamplingResult> GREETING =
      InputRequest.sampling(SamplingRequest.of("Generate a greeting", 50)).named("greeting");
  private static final InputRequest<List<Root>> CLIENT_ROOTS =
      InputRequest.roots().named("client_roots");

  static final Tool ELICITATION =
      Tool.named("test_input_required_result_elicitation")
          .description("Tests a call that asks its user")
          .needs(ClientCapability.ELICITATION)
          .handler(
              (none, context) -> ToolResult.text("Hello, " + nameIn(context.ask(USER_NAME)) + "!"));

  static final Tool SAMPLING =
      Tool.named("test_input_required_result_sampling")
          .description("Tests a call that asks its client's model")
          .needs(ClientCapability.SAMPLING)
          .handler((none, context) -> ToolResult.text(context.ask(CAPITAL).text()));

  static final Tool LIST_ROOTS =
      Tool.named("test_input_required_result_list_roots")
          .description("Tests a call that asks its client for its roots")
          .needs(ClientCapability.ROOTS)
          .handler((none, context) ->
              ToolResult.text("Number of roots: " + context.ask(CLIENT_ROOTS).size()));

  static final Tool REQUEST_STATE =
      Tool.named("test_input_required_result_request_state")
          .description("Tests that a call remembers what it did in its former round")
          .needs(ClientCapability.ELICITATION)
          .handler((none, context) -> {
            var state = context.once("state", String.class, () -> "state-ok");
            return ToolResult.text(state + ", " + consentIn(context.ask(CONFIRM)));
          });

  static final Tool MULTIPLE_INPUTS =
      Tool.named("test_input_required_result_multiple_inputs")
          .description("Tests a call that asks for several things at once")
          .needs(ClientCapability.ELICITATION, ClientCapability.SAMPLING, ClientCapability.ROOTS)
          .handler((none, context) -> {
            var told = context.askAll(USER_NAME, GREETING, CLIENT_ROOTS);
            return ToolResult.text(
                "%s (for %s, with %d roots)"
                    .formatted(
                        told.get(GREETING).text(),
                        nameIn(told.get(USER_NAME)),
                        told.get(CLIENT_ROOTS).size()));
          });

  static final Tool MULTI_ROUND =
      Tool.named("test_input_required_result_multi_round")
          .description("Tests a call that asks, and asks again")
          .needs(ClientCapability.ELICITATION)
          .handler((none, context) -> {
            var first = InputRequest.form("Step 1: What is your name?", Name.class).named("step1");
            var second =
                InputRequest.form("Step 2: What is your favorite color?", Color.class)
                    .named("step2");
            var name = nameIn(context.ask(first));
            var color = context.ask(second).accepted().map(Color::color).orElse("none");
            return ToolResult.text(name + " likes " + color);
          });

  static final Tool TAMPERED_STATE =
      Tool.named("test_input_required_result_tampered_state")
          .description("Tests that a state which its client changed is refused")
          .needs(ClientCapability.ELICITATION)
          .handler((none, context) -> ToolResult.text(consentIn(context.ask(CONFIRM))));

  static final Tool CAPABILITIES =
      Tool.named("test_input_required_result_capabilities")
          .description("Tests that a client is asked for nothing that it cannot give")
          .handler((none, context) -> {
            var asked = new ArrayList<InputRequest<?>>();
            if (context.supports(ClientCapability.ELICITATION)) {
              asked.add(USER_NAME);
            }
            if (context.supports(ClientCapability.SAMPLING)) {
              asked.add(CAPITAL);
            }
            context.askAll(asked.toArray(InputRequest<?>[]::new));
            return ToolResult.text("Asked for " + asked.size() + " things");
          });

  static final Prompt PROMPT =
      Prompt.named("test_input_required_result_prompt")
          .title("Prompt With Input")
          .description("A prompt that asks its user first")
          .handler((arguments, context) -> {
            var question =
                InputRequest.form("What context should the prompt use?", Background.class)
                    .named("user_context");
            var background = context.ask(question).accepted().map(Background::context);
            return List.of(PromptMessage.user("Use this context: " + background.orElse("none")));
          });

  private InputTools() {}

  static String nameIn(ElicitResult<Name> answer) {
    return answer.accepted().map(Name::name).orElse("nobody");
  }

  private static String consentIn(ElicitResult<Consent> answer) {
    return answer.accepted().filter(Consent::ok).isPresent() ? "confirmed" : "not confirmed";
  }
}
