package trunkline.access.oauth;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Tokens that are JWTs signed by one of the issuers (RFC 9068, leniently: many issuers write plain
/// `JWT` for their type, and leave out what we do not need).
///
/// A good one is remembered for a minute, or until it expires, and as long as its issuer has the
/// key.
final class SignedTokens {
  static final Duration REMEMBERED_MAX = Duration.ofSeconds(60);
  static final long LENGTH_MAX = 2 << 20;

  private static final int PARTS = 3;

  /// Besides none at all. Others are for other uses: `logout+jwt`, `dpop+jwt`.
  private static final Set<String> TYPES = Set.of("at+jwt", "application/at+jwt", "jwt");

  private final OAuthPolicy policy;
  private final Map<String, Issuer> issuers;
  private final Times times;
  private final Remembered<Found> remembered;

  /// A good token, and the key that signed it.
  record Found(AccessToken token, Issuer issuer, String key) {
    boolean stands(Times times) {
      var expires = token.expires();
      return (expires == null || !times.isOver(expires)) && issuer.has(key);
    }
  }

  SignedTokens(OAuthPolicy policy, Map<String, Issuer> issuers, Times times) {
    this.policy = policy;
    this.issuers = issuers;
    this.times = times;
    this.remembered = new Remembered<>(LENGTH_MAX, times);
  }

  /// Whether it looks like one: three parts, of which the first is a JSON object with an algorithm.
  static boolean isForm(String token) {
    var parts = token.split("\\.", PARTS + 1);
    if (parts.length != PARTS) {
      return false;
    }
    try {
      var header = new Base64URL(parts[0]).decodeToString();
      return header.startsWith("{") && Codec.objectFrom(header).has("alg");
    } catch (RuntimeException _) {
      return false;
    }
  }

  Found judge(String token) throws TokenRefused, ProviderAway, InterruptedException {
    var hash = TokenHash.of(token);
    var before = remembered.find(hash);
    if (before.isPresent() && before.get().stands(times)) {
      return before.get();
    }
    var found = found(token, hash);
    remembered.put(hash, found, token.length(), REMEMBERED_MAX.toNanos());
    return found;
  }

  private Found found(String token, TokenHash hash)
      throws TokenRefused, ProviderAway, InterruptedException {
    var signed = parsed(token);
    var header = signed.getHeader();
    if (!SigningKey.isAllowed(header.getAlgorithm())) {
      throw new TokenRefused("the token's algorithm is not taken");
    }
    var critical = header.getCriticalParams();
    if ((critical != null && !critical.isEmpty()) || !header.isBase64URLEncodePayload()) {
      throw new TokenRefused("the token's header asks for what is not supported (crit)");
    }
    var type = header.getType();
    if (type != null && !TYPES.contains(type.getType().toLowerCase(Locale.ROOT))) {
      throw new TokenRefused("that is no access token");
    }
    var json = payload(signed);
    var issuer = issuers.get(json.path("iss").asString(""));
    if (issuer == null) {
      throw new TokenRefused("the token is of another issuer");
    }
    for (var key : issuer.fitting(header)) {
      if (key.signed(signed)) {
        return new Found(checked(json, issuer, hash), issuer, key.thumbprint());
      }
    }
    throw new TokenRefused("the token is not signed by its issuer");
  }

  private AccessToken checked(ObjectNode json, Issuer issuer, TokenHash hash) throws TokenRefused {
    var claims = new Claims(json, policy, times);
    claims.require();
    if (claims.expires().isEmpty()) {
      throw new TokenRefused("the token never expires (exp)");
    }
    return AccessToken.of(claims, issuer.name(), hash);
  }

  private static JWSObject parsed(String token) throws TokenRefused {
    try {
      return JWSObject.parse(token);
    } catch (ParseException | RuntimeException _) { // their words quote the token
      throw new TokenRefused("the token is not a signed JWT");
    }
  }

  private static ObjectNode payload(JWSObject signed) throws TokenRefused {
    try {
      return Codec.objectFrom(signed.getPayload().toString());
    } catch (RuntimeException _) {
      throw new TokenRefused("the token holds no JSON object");
    }
  }
}
