package trunkline.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Lists as servers give them, in pages.
final class Pages {
  private Pages() {}

  /// Asks for one page.
  @FunctionalInterface
  interface Page {
    JsonNode ask(ObjectNode params) throws InterruptedException;
  }

  /// All of a list.
  ///
  /// @param member of each page that has its part
  static List<JsonNode> read(String member, Page page) throws InterruptedException {
    var all = new ArrayList<JsonNode>();
    @Nullable String cursor = null;
    do {
      var params = Codec.object();
      if (cursor != null) {
        params.put("cursor", cursor);
      }
      var result = page.ask(params);
      all.addAll(result.path(member).values());
      cursor = result.path("nextCursor").asString(null);
    } while (cursor != null);
    return all;
  }
}
