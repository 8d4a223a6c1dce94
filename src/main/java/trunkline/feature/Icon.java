package trunkline.feature;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A picture for a feature: an `https:` or `data:` address, sizes like `48x48` or `any`, theme
/// `light` or `dark`.
public record Icon(
    String src, @Nullable String mimeType, List<String> sizes, @Nullable String theme) {
  public Icon {
    sizes = List.copyOf(sizes);
  }

  public Icon(String src) {
    this(src, null, List.of(), null);
  }

  /// Reads a stranger's; empty without an address.
  static Optional<Icon> from(JsonNode json) {
    return Optional.of(json.path("src"))
        .filter(JsonNode::isString)
        .map(src ->
            new Icon(
                src.stringValue(),
                text(json, "mimeType"),
                json.path("sizes")
                    .valueStream()
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .toList(),
                text(json, "theme")));
  }

  private static @Nullable String text(JsonNode json, String name) {
    return json.path(name).isString() ? json.path(name).stringValue() : null;
  }

  public ObjectNode json() {
    var json = Codec.object().put("src", src);
    if (mimeType != null) {
      json.put("mimeType", mimeType);
    }
    if (!sizes.isEmpty()) {
      var array = json.putArray("sizes");
      sizes.forEach(array::add);
    }
    if (theme != null) {
      json.put("theme", theme);
    }
    return json;
  }
}
