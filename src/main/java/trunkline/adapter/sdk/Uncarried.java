package trunkline.adapter.sdk;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the SDK's features have and ours have not: said when a feature is built, since nobody would
/// miss it later.
final class Uncarried {
  private Uncarried() {}

  static void requireNoMeta(String feature, @Nullable Map<String, Object> meta) {
    if (meta != null && !meta.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has _meta (%s), which Trunkline does not carry: build it without"
              .formatted(feature, String.join(", ", meta.keySet())));
    }
  }

  static void requireNoReturnDirect(String feature, @Nullable Boolean returnDirect) {
    if (Boolean.TRUE.equals(returnDirect)) {
      throw new IllegalArgumentException(
          feature
              + " has returnDirect, which no revision of MCP knows and Trunkline does not carry:"
              + " build it without");
    }
  }
}
