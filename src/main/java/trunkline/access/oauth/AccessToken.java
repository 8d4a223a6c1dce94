package trunkline.access.oauth;

import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A token that was found to be good.
///
/// @param subject whose it is
/// @param id by which it is known to its issuer, or a part of its hash: never enough to use it
/// @param expires null: its issuer does not say
record AccessToken(
    Subject subject, String id, Set<String> scopes, ObjectNode claims, @Nullable Instant expires) {
  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]{1,100}");

  static AccessToken of(Claims claims, String issuer, TokenHash hash) throws TokenRefused {
    var json = claims.json();
    var jti = json.path("jti").asString("");
    return new AccessToken(
        Subject.of(json, issuer, claims.policy()),
        PLAIN.matcher(jti).matches() ? "jti:" + jti : "token:" + hash.beginning(),
        Set.copyOf(claims.scopes()),
        json,
        claims.expires().orElse(null));
  }
}
