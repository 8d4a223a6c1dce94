package trunkline.conformance;

import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.ClientCapability;
import trunkline.feature.Description;
import trunkline.feature.ElicitResult;
import trunkline.feature.SamplingRequest;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;

/// Tools that ask the client.
final class AskingTools {
  private static final ObjectNode USER_FORM =
      Codec.objectFrom(
          """
          {"type": "object",
           "properties": {
             "username": {"type": "string", "description": "User's response"},
             "email": {"type": "string", "description": "User's email address"}},
           "required": ["username", "email"]}
          """);
  private static final ObjectNode DEFAULTS_FORM =
      Codec.objectFrom(
          """
          {"type": "object",
           "properties": {
             "name": {"type": "string", "description": "User name", "default": "John Doe"},
             "age": {"type": "integer", "description": "User age", "default": 30},
             "score": {"type": "number", "description": "User score", "default": 95.5},
             "status": {"type": "string", "description": "User status",
               "enum": ["active", "inactive", "pending"], "default": "active"},
             "verified": {"type": "boolean", "description": "Verification status",
               "default": true}},
           "required": []}
          """);
  private static final ObjectNode ENUMS_FORM =
      Codec.objectFrom(
          """
          {"type": "object",
           "properties": {
             "untitledSingle": {"type": "string", "description": "Select one option",
               "enum": ["option1", "option2", "option3"]},
             "titledSingle": {"type": "string", "description": "Select one option with titles",
               "oneOf": [{"const": "value1", "title": "First Option"},
                 {"const": "value2", "title": "Second Option"},
                 {"const": "value3", "title": "Third Option"}]},
             "legacyEnum": {"type": "string", "description": "Select one option (legacy)",
               "enum": ["opt1", "opt2", "opt3"],
               "enumNames": ["Option One", "Option Two", "Option Three"]},
             "untitledMulti": {"type": "array", "description": "Select multiple options",
               "minItems": 1, "maxItems": 3,
               "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
             "titledMulti": {"type": "array",
               "description": "Select multiple options with titles",
               "minItems": 1, "maxItems": 3,
               "items": {"anyOf": [{"const": "value1", "title": "First Choice"},
                 {"const": "value2", "title": "Second Choice"},
                 {"const": "value3", "title": "Third Choice"}]}}},
           "required": []}
          """);

  record Prompt(@Description("The prompt to send to the LLM") String prompt) {}

  record Message(@Description("The message to show the user") String message) {}

  static final Tool SAMPLING =
      Tool.named("test_sampling")
          .description("Tests server-initiated sampling (LLM completion request)")
          .needs(ClientCapability.SAMPLING)
          .input(Prompt.class)
          .handler((input, context) ->
              ToolResult.text(
                  "LLM response: "
                      + context.sample(SamplingRequest.of(input.prompt(), 100)).text()));

  static final Tool ELICITATION =
      Tool.named("test_elicitation")
          .description("Tests server-initiated elicitation (user input request)")
          .needs(ClientCapability.ELICITATION)
          .input(Message.class)
          .handler((input, context) ->
              ToolResult.text(
                  "User response: <"
                      + told(context.elicit(input.message(), USER_FORM), ": ")
                      + ">"));

  static final Tool ELICITATION_DEFAULTS =
      Tool.named("test_elicitation_sep1034_defaults")
          .description("Tests elicitation with default values per SEP-1034")
          .needs(ClientCapability.ELICITATION)
          .handler((none, context) ->
              ToolResult.text(
                  "Elicitation completed: "
                      + told(
                          context.elicit(
                              "Please review and update the form fields with defaults",
                              DEFAULTS_FORM),
                          "=")));

  static final Tool ELICITATION_ENUMS =
      Tool.named("test_elicitation_sep1330_enums")
          .description("Tests elicitation with enum schema improvements per SEP-1330")
          .needs(ClientCapability.ELICITATION)
          .handler((none, context) ->
              ToolResult.text(
                  "Elicitation completed: "
                      + told(
                          context.elicit("Please select options from the enum fields", ENUMS_FORM),
                          "=")));

  private AskingTools() {}

  /// The suite spells this in two ways: `action: accept` and `action=accept`.
  private static String told(ElicitResult<ObjectNode> answer, String is) {
    return switch (answer) {
      case ElicitResult.Accepted<ObjectNode>(var content) ->
          "action" + is + "accept, content" + is + Codec.text(content);
      case ElicitResult.Declined<ObjectNode>() -> "action" + is + "decline, content" + is + "{}";
      case ElicitResult.Cancelled<ObjectNode>() -> "action" + is + "cancel, content" + is + "{}";
    };
  }
}
