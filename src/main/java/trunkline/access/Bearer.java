package trunkline.access;

import java.util.Optional;

/// The scheme of all tokens (RFC 6750, section 2.1): in the header only, never in the URL.
public final class Bearer {
  private static final String SCHEME = "bearer ";

  private Bearer() {}

  /// The token of a request; empty where there is no header, several, or one of another scheme.
  public static Optional<String> token(Authenticator.Credentials credentials) {
    return credentials
        .header()
        .apply("authorization")
        .map(String::strip)
        .filter(value -> value.regionMatches(/* ignoreCase= */ true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip())
        .filter(token -> !token.isEmpty());
  }
}
