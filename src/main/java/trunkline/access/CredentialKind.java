package trunkline.access;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What kind of credentials a request brought, good or bad, in a word that says nothing of them.
public final class CredentialKind {
  private static final Set<String> SCHEMES = Set.of("bearer", "basic", "digest", "dpop");

  private CredentialKind() {}

  /// The kind of what a request brought.
  ///
  /// @param authorization the header's value
  public static String of(Optional<String> authorization) {
    if (authorization.isEmpty()) {
      return "none";
    }
    var scheme = authorization.get().strip().split("\\s", 2)[0].toLowerCase(Locale.ROOT);
    return SCHEMES.contains(scheme) ? scheme : "other";
  }
}
