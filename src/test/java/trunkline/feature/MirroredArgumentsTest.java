package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which arguments a tool may have repeated in headers.
class MirroredArgumentsTest {
  record Routed(@InHeader("Region") String region, @InHeader("Tenant-Id") int tenant) {}

  record Secretive(@InHeader("Ratio") double ratio) {}

  private static Tool tool(String properties) {
    return Tool.named("route")
        .description("Routes")
        .inputSchema("{'type':'object',%s}".formatted(properties).replace('\'', '"'))
        .handler((arguments, context) -> ToolResult.text("ok"));
  }

  @Test
  void a_record_says_which() {
    var tool =
        Tool.named("route")
            .description("Routes")
            .input(Routed.class)
            .handler((input, context) -> ToolResult.text("ok"));

    assertThat(tool.mirrored())
        .containsEntry("Region", List.of("region"))
        .containsEntry("Tenant-Id", List.of("tenant"))
        .hasSize(2);
    assertThat(tool.inputSchema().at("/properties/region/x-mcp-header").asString())
        .isEqualTo("Region");
  }

  @Test
  void properties_lead_to_it_however_deep() {
    var tool =
        tool(
            "'properties':{'a':{'type':'object','properties':{'b':{'type':'object','properties':"
                + "{'properties':{'type':'boolean','x-mcp-header':'Deep'}}}}}}");

    assertThat(tool.mirrored()).containsEntry("Deep", List.of("a", "b", "properties"));
  }

  @Test
  void a_property_of_that_name_is_no_keyword() {
    var tool = tool("'properties':{'x-mcp-header':{'type':'string'}}");

    assertThat(tool.mirrored()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'properties':{'a':{'type':'string','x-mcp-header':''}}",
        "'properties':{'a':{'type':'string','x-mcp-header':'two words'}}",
        "'properties':{'a':{'type':'string','x-mcp-header':'colon:'}}",
        "'properties':{'a':{'type':'string','x-mcp-header':'ümlaut'}}",
        "'properties':{'a':{'type':'string','x-mcp-header':'a\\nb'}}",
        "'properties':{'a':{'type':'string','x-mcp-header':7}}",
        "'properties':{'a':{'type':'number','x-mcp-header':'A'}}",
        "'properties':{'a':{'type':'object','x-mcp-header':'A'}}",
        "'properties':{'a':{'type':'array','x-mcp-header':'A'}}",
        "'properties':{'a':{'type':'null','x-mcp-header':'A'}}",
        "'properties':{'a':{'type':['string','null'],'x-mcp-header':'A'}}",
        "'properties':{'a':{'x-mcp-header':'A'}}",
        "'properties':{'a':{'type':'string','x-mcp-header':'A'},"
            + "'b':{'type':'string','x-mcp-header':'a'}}",
        "'x-mcp-header':'A'",
        "'properties':{'a':{'type':'array','items':{'type':'string','x-mcp-header':'A'}}}",
        "'properties':{'a':{'type':'array',"
            + "'items':{'properties':{'b':{'type':'string','x-mcp-header':'A'}}}}}",
        "'oneOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]",
        "'anyOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]",
        "'allOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]",
        "'not':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}",
        "'if':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}",
        "'then':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}",
        "'else':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}",
        "'$defs':{'a':{'type':'string','x-mcp-header':'A'}},'properties':{'a':{'$ref':'#/$defs/a'}}",
        "'additionalProperties':{'type':'string','x-mcp-header':'A'}",
        "'patternProperties':{'a':{'type':'string','x-mcp-header':'A'}}"
      })
  void other_places_are_refused_when_the_tool_is_made(String schema) {
    assertThatThrownBy(() -> tool(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x-mcp-header");
  }

  @Test
  void a_record_cannot_have_a_fraction_repeated() {
    assertThatThrownBy(() ->
            Tool.named("route")
                .description("Routes")
                .input(Secretive.class)
                .handler((input, context) -> ToolResult.text("ok")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Ratio");
  }
}
