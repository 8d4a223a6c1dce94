package trunkline.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Makes tokens, good ones and such as no issuer would.
public final class TokenForge {
  private final JWK key;
  private final Map<String, Object> header = new HashMap<>();
  private final ObjectNode claims = Json.of("{}").deepCopy().asObject();

  private TokenForge(JWK key) {
    this.key = key;
  }

  /// A good one for five minutes.
  public static TokenForge token(JWK key, String issuer, String audience, String subject) {
    var forge = new TokenForge(key);
    forge.header.put("alg", String.valueOf(key.getAlgorithm()));
    forge.header.put("typ", "at+jwt");
    if (key.getKeyID() != null) {
      forge.header.put("kid", key.getKeyID());
    }
    forge.claims.put("iss", issuer).put("aud", audience).put("sub", subject);
    return forge.expiring(Duration.ofMinutes(5));
  }

  /// A key of the kind that is made fast.
  public static ECKey key(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).algorithm(JWSAlgorithm.ES256).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  public TokenForge header(String name, Object value) {
    header.put(name, value);
    return this;
  }

  public TokenForge withoutHeader(String name) {
    header.remove(name);
    return this;
  }

  /// Says so in the token.
  ///
  /// @param json in single quotes if that is easier to read
  public TokenForge claim(String name, String json) {
    claims.set(name, Json.of(json.replace('\'', '"')));
    return this;
  }

  public TokenForge without(String claim) {
    claims.remove(claim);
    return this;
  }

  public TokenForge scope(String scopes) {
    claims.put("scope", scopes);
    return this;
  }

  public TokenForge expiring(Duration from) {
    claims.put("exp", Instant.now().plus(from).getEpochSecond());
    return this;
  }

  /// The token.
  public String sign() {
    return sign(key);
  }

  /// The same signed by another key.
  public String sign(JWK other) {
    try {
      var token = new JWSObject(JWSHeader.parse(header), new Payload(claims.toString()));
      token.sign(
          switch (other) {
            case RSAKey rsa -> new RSASSASigner(rsa);
            case ECKey ec -> new ECDSASigner(ec);
            case OctetSequenceKey secret -> new MACSigner(secret);
            default -> throw new AssertionError("no key that we sign with: " + other.getKeyType());
          });
      return token.serialize();
    } catch (JOSEException | ParseException e) {
      throw new AssertionError(e);
    }
  }
}
