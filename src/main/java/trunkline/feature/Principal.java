package trunkline.feature;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Whom a client acts for, as the server has authenticated it.
///
/// @param name by which it is known to sessions, limits and SQL; `anonymous` without authentication
/// @param claims what its credentials say besides, by the names that they have there; such as those
///   of a token's JSON. They are those of all its requests, and must not be modified
/// @param scopes what its credentials let it do
public record Principal(String name, Map<String, JsonNode> claims, Scopes scopes) {
  public Principal {
    claims = Map.copyOf(claims);
  }

  /// One that may do nothing which asks for a scope.
  public Principal(String name, Map<String, JsonNode> claims) {
    this(name, claims, Scopes.NONE);
  }

  public Optional<JsonNode> claim(String name) {
    return Optional.ofNullable(claims.get(name));
  }
}
