package trunkline.rate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The rates that options set.
///
/// @param principal of each principal
/// @param tools of a tool by all who call it, by its name; `*` is each that is not named
/// @param principalTools of each principal for a tool, likewise
public record RatePolicy(
    Optional<RateLimit> principal,
    Map<String, RateLimit> tools,
    Map<String, RateLimit> principalTools) {
  public static final RatePolicy NONE = new RatePolicy(Optional.empty(), Map.of(), Map.of());

  public RatePolicy {
    tools = Map.copyOf(tools);
    principalTools = Map.copyOf(principalTools);
  }

  /// Rates by name: `bake=5/s`.
  ///
  /// @throws IllegalArgumentException when one is of another form, or named twice
  public static Map<String, RateLimit> named(Iterable<String> texts) {
    var named = new HashMap<String, RateLimit>();
    for (var text : texts) {
      var equals = text.lastIndexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("not TOOL=RATE");
      }
      var name = text.substring(0, equals).strip();
      if (named.put(name, RateLimit.parse(text.substring(equals + 1))) != null) {
        throw new IllegalArgumentException("named twice");
      }
    }
    return named;
  }

  /// What a key is limited to.
  Optional<RateLimit> of(BucketKey key) {
    return switch (key.scope()) {
      case PRINCIPAL -> principal;
      case TOOL -> of(tools, key.tool());
      case PRINCIPAL_TOOL -> of(principalTools, key.tool());
    };
  }

  private static Optional<RateLimit> of(Map<String, RateLimit> limits, String tool) {
    var named = limits.get(tool);
    return Optional.ofNullable(named == null ? limits.get(BucketKey.EACH) : named);
  }

  /// Whether it matters who calls.
  public boolean countsPrincipals() {
    return principal.isPresent() || !principalTools.isEmpty();
  }

  boolean isEmpty() {
    return principal.isEmpty() && tools.isEmpty() && principalTools.isEmpty();
  }
}
