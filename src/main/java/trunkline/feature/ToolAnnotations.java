package trunkline.feature;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A tool's self-description; null is unsaid. Clients don't have to believe it.
public record ToolAnnotations(
    @Nullable Boolean readOnly,
    @Nullable Boolean destructive,
    @Nullable Boolean idempotent,
    @Nullable Boolean openWorld) {
  public static final ToolAnnotations NONE = new ToolAnnotations(null, null, null, null);

  public ObjectNode json() {
    var json = Codec.object();
    put(json, "readOnlyHint", readOnly);
    put(json, "destructiveHint", destructive);
    put(json, "idempotentHint", idempotent);
    put(json, "openWorldHint", openWorld);
    return json;
  }

  /// Running it twice does what running it once does.
  boolean allowRetry() {
    return Boolean.TRUE.equals(readOnly) || Boolean.TRUE.equals(idempotent);
  }

  private static void put(ObjectNode json, String name, @Nullable Boolean value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
