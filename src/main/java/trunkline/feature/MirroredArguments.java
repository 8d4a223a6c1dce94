package trunkline.feature;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The arguments of a tool that clients repeat in headers, as the keyword `x-mcp-header` of its
/// input schema says. Clients leave out a tool whose schema uses it wrongly, so that is refused
/// when the tool is made.
final class MirroredArguments {
  private static final String KEYWORD = "x-mcp-header";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

  private final String tool;
  private final Map<String, List<String>> paths = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();

  private MirroredArguments(String tool) {
    this.tool = tool;
  }

  /// The paths of the arguments, by the headers' names without `Mcp-Param-`.
  ///
  /// @throws IllegalArgumentException when the keyword is used wrongly
  static Map<String, List<String>> of(String tool, ObjectNode inputSchema) {
    var found = new MirroredArguments(tool);
    found.look(inputSchema, List.of(), true);
    return Map.copyOf(found.paths);
  }

  /// @param reachable whether only `properties` lead here
  private void look(JsonNode schema, List<String> path, boolean reachable) {
    if (schema.has(KEYWORD)) {
      take(schema, path, reachable);
    }
    for (var each : schema.properties()) {
      if (each.getKey().equals("properties")) {
        each.getValue()
            .properties()
            .forEach(
                property -> look(property.getValue(), longer(path, property.getKey()), reachable));
      } else {
        inside(each.getValue(), path);
      }
    }
  }

  private void inside(JsonNode value, List<String> path) {
    if (value.isObject()) {
      look(value, path, false);
    } else if (value.isArray()) {
      value.forEach(element -> inside(element, path));
    }
  }

  private static List<String> longer(List<String> path, String member) {
    var longer = new ArrayList<>(path);
    longer.add(member);
    return List.copyOf(longer);
  }

  private void take(JsonNode schema, List<String> path, boolean reachable) {
    var name = schema.path(KEYWORD).asString("");
    if (!schema.path(KEYWORD).isString() || !TOKEN.matcher(name).matches()) {
      throw fault(name, "is no name of a header");
    }
    if (path.isEmpty() || !reachable) {
      throw fault(name, "is not at an argument that only properties lead to");
    }
    if (!TYPES.contains(schema.path("type").asString(""))) {
      throw fault(name, "is at an argument that is no string, integer or boolean");
    }
    if (!names.add(name.toLowerCase(Locale.ROOT))) {
      throw fault(name, "is at two arguments");
    }
    paths.put(name, path);
  }

  private IllegalArgumentException fault(String name, String problem) {
    return new IllegalArgumentException(
        "tool " + tool + ": " + KEYWORD + " '" + name + "' " + problem);
  }
}
