package trunkline.welcome;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Tool;
import trunkline.page.PlainText;
import trunkline.protocol.method.Listed;

/// A tool, for people.
///
/// @param title empty when it has none
/// @param arguments those of its schema's first level
/// @param input its schema
/// @param output the schema of its answers; empty when it has none
public record ShownTool(
    String name,
    String title,
    String description,
    List<Argument> arguments,
    String input,
    String output) {
  private static final int NAME_MAX = 200;

  /// An argument.
  ///
  /// @param type such as `string`; empty when the schema does not say it in a word
  public record Argument(String name, String type, boolean isRequired, String description) {}

  static List<ShownTool> of(Listed listed) {
    return listed.tools().stream().map(ShownTool::of).toList();
  }

  private static ShownTool of(Tool tool) {
    return new ShownTool(
        tool.name(),
        PlainText.line(tool.title().orElse(""), NAME_MAX),
        PlainText.lines(tool.description()),
        arguments(tool.inputSchema()),
        text(tool.inputSchema()),
        tool.outputSchema().map(ShownTool::text).orElse(""));
  }

  private static List<Argument> arguments(ObjectNode schema) {
    var required = schema.path("required").valueStream().map(name -> name.asString("")).toList();
    return schema.path("properties").properties().stream()
        .map(property ->
            new Argument(
                PlainText.line(property.getKey(), NAME_MAX),
                PlainText.line(property.getValue().path("type").asString(""), NAME_MAX),
                required.contains(property.getKey()),
                PlainText.lines(property.getValue().path("description").asString(""))))
        .toList();
  }

  private static String text(JsonNode schema) {
    return PlainText.lines(schema.toPrettyString());
  }
}
