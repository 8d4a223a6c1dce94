package trunkline.rest;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// One execution of a statement, as `auto_explain` told it: of an instance, or inside a function
/// that one called.
///
/// @param name of the heading, else the beginning of the text
/// @param rows read by its scans, also those that no condition let pass
/// @param blocks touched by it, functions included
/// @param scanned rows read by sequential scans, by table
public record Executed(
    String name,
    boolean nested,
    double millis,
    long rows,
    long blocks,
    Map<String, Long> scanned,
    String plan) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NOTICE =
      Pattern.compile("duration: ([0-9.]+) ms +plan:\\s*(\\{.*)", Pattern.DOTALL);
  private static final Pattern HEADING = Pattern.compile("\\s*-- ([a-z0-9_]+\\.[a-z0-9_]+):");
  private static final int NAME_MAX = 90;

  /// Empty when the notice is another.
  public static Optional<Executed> of(String notice) {
    var told = NOTICE.matcher(notice);
    if (!told.lookingAt()) {
      return Optional.empty();
    }
    var tree = JSON.readTree(told.group(2));
    var text = tree.path("Query Text").asString();
    var heading = HEADING.matcher(text);
    var nested = !heading.lookingAt();
    var name = nested ? text.strip().replaceAll("\\s+", " ") : heading.group(1);
    var root = tree.path("Plan");
    var scanned = new TreeMap<String, Long>();
    var rows = read(root, scanned);
    return Optional.of(
        new Executed(
            name.length() > NAME_MAX ? name.substring(0, NAME_MAX) : name,
            nested,
            Double.parseDouble(told.group(1)),
            rows,
            root.path("Shared Hit Blocks").asLong(0) + root.path("Shared Read Blocks").asLong(0),
            scanned,
            shape(root)));
  }

  private static long read(JsonNode node, Map<String, Long> scanned) {
    var rows = 0L;
    var kind = node.path("Node Type").asString();
    if (node.has("Relation Name") && kind.endsWith("Scan")) {
      var each =
          node.path("Actual Rows").asDouble(0)
              + node.path("Rows Removed by Filter").asDouble(0)
              + node.path("Rows Removed by Index Recheck").asDouble(0);
      rows = Math.round(each * node.path("Actual Loops").asDouble(0));
      if (kind.equals("Seq Scan")) {
        scanned.merge(node.path("Relation Name").asString(), rows, Long::sum);
      }
    }
    for (var child : node.path("Plans")) {
      rows += read(child, scanned);
    }
    return rows;
  }

  /// The plan in a line.
  private static String shape(JsonNode node) {
    var shape = new StringBuilder(node.path("Node Type").asString());
    if (node.has("Index Name")) {
      shape.append(' ').append(node.path("Index Name").asString());
    } else if (node.has("Relation Name")) {
      shape.append(' ').append(node.path("Relation Name").asString());
    }
    var inner = node.path("Plans");
    if (!inner.isEmpty()) {
      shape.append(" (");
      var comma = "";
      for (var child : inner) {
        shape.append(comma).append(shape(child));
        comma = ", ";
      }
      shape.append(')');
    }
    return shape.toString();
  }
}
