package trunkline.feature;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// `_meta`: what a server says to programs about one of its things, beside what MCP has a place
/// for.
///
/// A key is a name, with the owner's domain before it if others shall not mean something else by
/// it: `shop.example/stock`. What MCP has reserved (`io.modelcontextprotocol/…`, `dev.mcp/…`) is
/// refused; `ui` is how MCP Apps are said ([ToolBuilder#ui]).
///
/// @param json must not be modified
public record Meta(ObjectNode json) {
  public static final Meta NONE = new Meta(Codec.object());

  private static final String LABEL = "[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
  private static final Pattern KEY =
      Pattern.compile(
          "(?:" + LABEL + "(?:\\." + LABEL + ")*/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?");
  private static final Pattern RESERVED =
      Pattern.compile("[^./]+\\.(?:modelcontextprotocol|mcp)(?:\\.[^/]*)?/.*");

  public Meta {
    for (var key : json.propertyNames()) {
      if (!KEY.matcher(key).matches()) {
        throw new IllegalArgumentException(
            "'" + key + "' can be no key of _meta, as shop.example/stock or stock can");
      }
      if (RESERVED.matcher(key).matches()) {
        throw new IllegalArgumentException("the key " + key + " of _meta is reserved by MCP");
      }
    }
  }

  public static Meta of(String key, JsonNode value) {
    return NONE.with(key, value);
  }

  public static Meta of(String key, String value) {
    return NONE.with(key, value);
  }

  /// The same with one more, or another value of this key.
  public Meta with(String key, JsonNode value) {
    var more = Codec.object();
    more.setAll(json);
    more.set(key, value);
    return new Meta(more);
  }

  public Meta with(String key, String value) {
    return with(key, JsonNodeFactory.instance.stringNode(value));
  }

  public boolean isEmpty() {
    return json.isEmpty();
  }

  /// Puts it into an object, over what that says under the same keys.
  public ObjectNode addTo(ObjectNode described) {
    if (!isEmpty()) {
      var all = Codec.object();
      if (described.get("_meta") instanceof ObjectNode said) {
        all.setAll(said);
      }
      all.setAll(json);
      described.set("_meta", all);
    }
    return described;
  }
}
