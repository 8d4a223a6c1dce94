package trunkline.conformance;

import trunkline.feature.Content;
import trunkline.feature.ResourceContents;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;

/// Tools that answer at once, one for each kind of content.
final class ContentTools {
  static final Tool SIMPLE_TEXT =
      Tool.named("test_simple_text")
          .description("Tests simple text content response")
          .readOnly()
          .handler(
              (none, context) -> ToolResult.text("This is a simple text response for testing."));

  static final Tool IMAGE =
      Tool.named("test_image_content")
          .description("Tests image content response")
          .readOnly()
          .handler((none, context) -> ToolResult.of(Media.IMAGE));

  static final Tool AUDIO =
      Tool.named("test_audio_content")
          .description("Tests audio content response")
          .readOnly()
          .handler((none, context) -> ToolResult.of(Media.AUDIO));

  static final Tool EMBEDDED_RESOURCE =
      Tool.named("test_embedded_resource")
          .description("Tests embedded resource content response")
          .readOnly()
          .handler((none, context) ->
              ToolResult.of(
                  Content.embedded(
                      ResourceContents.text(
                          "test://embedded-resource",
                          "text/plain",
                          "This is an embedded resource content."))));

  static final Tool MULTIPLE_TYPES =
      Tool.named("test_multiple_content_types")
          .description("Tests response with multiple content types (text, image, resource)")
          .readOnly()
          .handler((none, context) ->
              ToolResult.of(
                  Content.text("Multiple content types test:"),
                  Media.IMAGE,
                  Content.embedded(
                      ResourceContents.text(
                          "test://mixed-content-resource",
                          "application/json",
                          "{\"test\":\"data\",\"value\":123}"))));

  /// Each keyword must arrive in `tools/list` as spelled here.
  static final Tool JSON_SCHEMA =
      Tool.named("json_schema_2020_12_tool")
          .description("Tool with JSON Schema 2020-12 features for conformance testing (SEP-1613)")
          .readOnly()
          .inputSchema(
              """
              {"$schema": "https://json-schema.org/draft/2020-12/schema",
               "type": "object",
               "$defs": {"address": {"$anchor": "addressDef", "type": "object", "properties": {
                 "street": {"type": "string"}, "city": {"type": "string"}}}},
               "properties": {
                 "name": {"type": "string"},
                 "address": {"$ref": "#/$defs/address"},
                 "contactMethod": {"type": "string", "enum": ["phone", "email"]},
                 "phone": {"type": "string"},
                 "email": {"type": "string"}},
               "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
               "if": {"properties": {"contactMethod": {"const": "phone"}},
                      "required": ["contactMethod"]},
               "then": {"required": ["phone"]},
               "else": {"required": ["email"]},
               "additionalProperties": false}
              """)
          .handler((arguments, context) ->
              ToolResult.text("JSON Schema 2020-12 tool called with: " + Codec.text(arguments)));

  private ContentTools() {}
}
