package trunkline.feature;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Whom a client acts for, as the server has authenticated it.
///
/// @param name by which it is known to sessions, limits and SQL; `anonymous` without authentication
/// @param claims what its credentials say besides, by the names that they have there; such as those
///   of a token's JSON. They are those of all its requests, and must not be modified
public record Principal(String name, Map<String, JsonNode> claims) {
  public Principal {
    claims = Map.copyOf(claims);
  }

  public Optional<JsonNode> claim(String name) {
    return Optional.ofNullable(claims.get(name));
  }
}
