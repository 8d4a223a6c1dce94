package trunkline.adapter.sdk;

import org.jspecify.annotations.Nullable;

/// What the SDK's features have and ours have not: said when a feature is built, since nobody would
/// miss it later.
final class Uncarried {
  private Uncarried() {}

  static void requireNoReturnDirect(String feature, @Nullable Boolean returnDirect) {
    if (Boolean.TRUE.equals(returnDirect)) {
      throw new IllegalArgumentException(
          feature
              + " has returnDirect, which no revision of MCP knows and Trunkline does not carry:"
              + " build it without");
    }
  }
}
