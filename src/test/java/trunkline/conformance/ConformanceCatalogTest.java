package trunkline.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import trunkline.catalog.FeatureLoader;
import trunkline.feature.Catalog;
import trunkline.feature.Content;
import trunkline.feature.Prompt;
import trunkline.feature.Resource;
import trunkline.feature.ResourceContents;
import trunkline.feature.ScriptedContext;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;

/// The names and texts that the official suite expects, checked without it.
class ConformanceCatalogTest {
  private final Catalog catalog = FeatureLoader.load("conformance");
  private final ScriptedContext context = new ScriptedContext();

  private ToolResult call(String tool, String arguments) throws Exception {
    return catalog
        .findTool(Switches.ALL_ON, tool)
        .orElseThrow()
        .bind(Codec.objectFrom(arguments))
        .run(context);
  }

  @Test
  void everything_is_listed_the_harmless_tool_first() {
    assertThat(catalog.tools(Switches.ALL_ON, null).features())
        .extracting(Tool::name)
        .startsWith("test_simple_text")
        .contains(
            "test_image_content",
            "test_audio_content",
            "test_embedded_resource",
            "test_multiple_content_types",
            "test_tool_with_progress",
            "test_tool_with_logging",
            "test_error_handling",
            "test_reconnection",
            "test_sampling",
            "test_elicitation",
            "test_elicitation_sep1034_defaults",
            "test_elicitation_sep1330_enums",
            "json_schema_2020_12_tool");
    assertThat(catalog.resources(Switches.ALL_ON, null).features())
        .extracting(Resource::uri)
        .containsExactly("test://static-text", "test://static-binary", "test://watched-resource");
    assertThat(catalog.prompts(Switches.ALL_ON, null).features())
        .extracting(Prompt::name)
        .containsExactly(
            "test_simple_prompt",
            "test_prompt_with_arguments",
            "test_prompt_with_embedded_resource",
            "test_prompt_with_image",
            "test_input_required_result_prompt",
            "test_switched_prompt");
    assertThat(catalog.prompts(Switches.ALL_ON, null).features())
        .allSatisfy(prompt -> assertThat(prompt.description()).isNotBlank());
  }

  @Test
  void contents_are_the_suites() throws Exception {
    assertThat(call("test_simple_text", "{}"))
        .isEqualTo(ToolResult.text("This is a simple text response for testing."));
    assertThat(call("test_audio_content", "{}").content().getFirst().json().path("mimeType"))
        .hasToString("\"audio/wav\"");
    assertThat(call("test_multiple_content_types", "{}").content())
        .hasExactlyElementsOfTypes(Content.Text.class, Content.Image.class, Content.Embedded.class);
    assertThatThrownBy(() -> call("test_error_handling", "{}"))
        .isInstanceOf(ToolFailed.class)
        .hasMessage("This tool intentionally returns an error for testing");
  }

  @Test
  void running_tools_tell_of_themselves() throws Exception {
    call("test_tool_with_logging", "{}");
    call("test_tool_with_progress", "{}");
    call("test_reconnection", "{}");

    assertThat(context.told)
        .containsExactly(
            "info Tool execution started",
            "info Tool processing data",
            "info Tool execution completed",
            "progress 0.0/100.0",
            "progress 50.0/100.0",
            "progress 100.0/100.0",
            "released");
  }

  @Test
  void asking_tools_ask_and_say_the_answer() throws Exception {
    context.answering(
        "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}",
        "{\"action\":\"accept\",\"content\":{\"username\":\"u\",\"email\":\"u@example.org\"}}",
        "{\"action\":\"decline\"}",
        "{\"action\":\"accept\",\"content\":{\"untitledSingle\":\"option1\",\"titledSingle\":\"value1\","
            + "\"legacyEnum\":\"opt1\",\"untitledMulti\":[\"option1\",\"option2\"],"
            + "\"titledMulti\":[\"value1\",\"value2\"]}}");

    assertThat(call("test_sampling", "{\"prompt\":\"p\"}"))
        .isEqualTo(ToolResult.text("LLM response: hi"));
    assertThat(call("test_elicitation", "{\"message\":\"m\"}"))
        .isEqualTo(
            ToolResult.text(
                "User response: <action: accept, content:"
                    + " {\"username\":\"u\",\"email\":\"u@example.org\"}>"));
    assertThat(call("test_elicitation_sep1034_defaults", "{}"))
        .isEqualTo(ToolResult.text("Elicitation completed: action=decline, content={}"));
    assertThat(call("test_elicitation_sep1330_enums", "{}").isError()).isFalse();
    assertThat(context.asked.get(2).params().at("/requestedSchema/properties/score/default"))
        .hasToString("95.5");
    assertThat(context.asked.get(3).params().at("/requestedSchema/properties/legacyEnum"))
        .hasToString(
            "{\"type\":\"string\",\"description\":\"Select one option (legacy)\","
                + "\"enum\":[\"opt1\",\"opt2\",\"opt3\"],"
                + "\"enumNames\":[\"Option One\",\"Option Two\",\"Option Three\"]}");
  }

  @Test
  void resources_and_prompts_are_the_suites() throws Exception {
    var template = catalog.findReading(Switches.ALL_ON, "test://template/123/data").orElseThrow();
    var prompt = catalog.findPrompt(Switches.ALL_ON, "test_prompt_with_arguments").orElseThrow();

    assertThat(template.reader().read(template.request(), context))
        .isEqualTo(
            List.of(
                ResourceContents.text(
                    "test://template/123/data",
                    "application/json",
                    "{\"id\":\"123\",\"templateTest\":true,\"data\":\"Data for ID: 123\"}")));
    assertThat(
            catalog.findReading(
                Switches.ALL_ON, "test://nonexistent-resource-for-conformance-testing"))
        .isEmpty();
    assertThat(
            prompt
                .handler()
                .write(Map.of("arg1", "hello", "arg2", "world"), context)
                .getFirst()
                .content())
        .isEqualTo(Content.text("Prompt with arguments: arg1='hello', arg2='world'"));
  }
}
