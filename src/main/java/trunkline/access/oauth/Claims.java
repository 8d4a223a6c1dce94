package trunkline.access.oauth;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an issuer says of a token, in the token itself (RFC 9068) or when asked (RFC 7662), and
/// whether it will do.
record Claims(ObjectNode json, OAuthPolicy policy, Times times) {
  /// What only ID tokens have (OpenID Connect Core, sections 2 and 3.3.2.11).
  private static final List<String> OF_ID_TOKENS = List.of("at_hash", "c_hash", "s_hash");

  private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);

  void require() throws TokenRefused {
    requireAccessToken();
    requireTime();
    if (texts("aud").stream().noneMatch(policy.audiences()::contains)) {
      throw new TokenRefused("the token is for another audience");
    }
    if (json.has("cnf")) {
      throw new TokenRefused("the token is bound to a key (cnf), which is not supported");
    }
  }

  /// An ID token tells a client who its user is, and is not for us. Keycloak writes into a token
  /// what it is; others are told by what access tokens never have.
  private void requireAccessToken() throws TokenRefused {
    var kind = json.path("typ").asString("Bearer");
    if (OF_ID_TOKENS.stream().anyMatch(json::has)
        || (json.has("nonce") && scopes().isEmpty())
        || !kind.equalsIgnoreCase("Bearer")) {
      throw new TokenRefused("that is no access token");
    }
  }

  private void requireTime() throws TokenRefused {
    var end = instant("exp");
    if (end.isPresent() && times.isOver(end.get())) {
      throw new TokenRefused("the token has expired");
    }
    var beginning = instant("nbf");
    if (beginning.isPresent() && times.isAhead(beginning.get())) {
      throw new TokenRefused("the token is not valid yet");
    }
  }

  Optional<Instant> expires() throws TokenRefused {
    return instant("exp");
  }

  /// `scope` as in RFC 9068, `scp` as others spell it; either may be a list.
  Set<String> scopes() {
    var scopes = new LinkedHashSet<String>();
    for (var claim : List.of("scope", "scp")) {
      for (var text : texts(claim)) {
        for (var scope : text.split(" ", -1)) {
          if (!scope.isEmpty()) {
            scopes.add(scope);
          }
        }
      }
    }
    return scopes;
  }

  private List<String> texts(String claim) {
    var value = json.get(claim);
    return value == null ? List.of() : texts(value);
  }

  private static List<String> texts(JsonNode value) {
    var texts = new ArrayList<String>();
    if (value.isString()) {
      texts.add(value.asString());
    } else if (value.isArray()) {
      value.forEach(each -> {
        if (each.isString()) {
          texts.add(each.asString());
        }
      });
    }
    return texts;
  }

  private Optional<Instant> instant(String claim) throws TokenRefused {
    var value = json.get(claim);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isNumber() || value.decimalValue().signum() < 0) {
      throw new TokenRefused("the token's claim " + claim + " is no time");
    }
    var seconds = value.decimalValue().min(LAST_SECOND);
    return Optional.of(Instant.ofEpochMilli(seconds.movePointRight(3).longValue()));
  }
}
