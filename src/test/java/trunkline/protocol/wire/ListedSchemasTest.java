package trunkline.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import trunkline.catalog.FeatureLoader;
import trunkline.feature.Prompt;
import trunkline.feature.PromptMessage;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// Goal: no client refuses a list for what one of its entries looks like.
class ListedSchemasTest {
  private static final List<Tool> OWN =
      List.of(
          Tool.named("nothing").description("x").handler((_, _) -> ToolResult.text("")),
          Tool.named("bare")
              .description("x")
              .inputSchema("{\"type\":\"object\"}")
              .outputSchema("{\"type\":\"object\"}")
              .handler((_, _) -> ToolResult.text("")),
          Tool.named("open")
              .description("x")
              .inputSchema("{\"type\":\"object\",\"additionalProperties\":true}")
              .handler((_, _) -> ToolResult.text("")));

  private static List<Revision> stateful() {
    return Revision.supported().stream().map(Revision::find).map(it -> it.orElseThrow()).toList();
  }

  @Test
  void every_schema_is_one_by_the_meta_schema_and_names_its_properties() {
    var meta =
        SchemaRegistry.withDialect(Dialects.getDraft202012())
            .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));
    var catalog = FeatureLoader.load("sample,conformance");
    for (var revision : stateful()) {
      var tools = new ArrayList<>(OWN);
      tools.addAll(catalog.tools(Switches.ALL_ON, null).features());
      assertThat(tools).hasSizeGreaterThan(10);
      for (var tool : tools) {
        var listed = revision.spell(tool);
        for (var name : List.of("inputSchema", "outputSchema")) {
          if (listed.has(name)) {
            var schema = listed.get(name);
            assertThat(meta.validate(schema)).as("%s of %s", name, tool.name()).isEmpty();
            assertThat(schema.path("type").asString("")).isEqualTo("object");
            assertThat(schema.path("properties").isObject())
                .as("%s of %s: %s", name, tool.name(), schema)
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void a_tool_without_arguments_says_that_it_has_none() {
    for (var revision : stateful()) {
      assertThat(revision.spell(OWN.getFirst()).get("inputSchema").toString())
          .isEqualTo("{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}");
    }
  }

  @Test
  void a_prompt_without_arguments_has_an_empty_list() {
    var prompt = Prompt.named("p").handler((_, _) -> List.of(PromptMessage.user("x")));
    for (var revision : stateful()) {
      JsonNode listed = revision.spell(prompt);
      assertThat(listed.path("arguments").isArray()).isTrue();
    }
  }
}
