package trunkline.access.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// A public key of an issuer, and what it may sign: RS, PS and ES with 256, 384 and 512 bits, and
/// Ed25519. A shared secret (`HS…`) never is one, nor is "none" an algorithm.
///
/// @param thumbprint of RFC 7638: the same for the same key, however it is described
record SigningKey(JWK jwk, String thumbprint) {
  private static final Set<JWSAlgorithm> RSA =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512);

  private static final Set<JWSAlgorithm> ELLIPTIC =
      Set.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512);

  private static final Set<JWSAlgorithm> EDWARDS = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

  private static final int RSA_BITS_MIN = 2048;
  private static final int KEYS_MAX = 100;

  /// What stands before the 32 bytes of an Ed25519 key where it is written as others are (RFC
  /// 8410).
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  static boolean isAllowed(JWSAlgorithm algorithm) {
    return RSA.contains(algorithm) || ELLIPTIC.contains(algorithm) || EDWARDS.contains(algorithm);
  }

  /// The keys of a set (RFC 7517) that can sign tokens; those of other kinds, too short or
  /// unreadable ones are passed over.
  static List<SigningKey> ofSet(ObjectNode set) {
    var keys = new ArrayList<SigningKey>();
    for (var each : set.path("keys")) {
      if (keys.size() < KEYS_MAX) {
        try {
          var jwk = JWK.parse(each.toString());
          if (isFit(jwk)) {
            keys.add(new SigningKey(jwk.toPublicJWK(), jwk.computeThumbprint().toString()));
          }
        } catch (ParseException | JOSEException | IllegalStateException _) {
          // of a kind that we do not know
        }
      }
    }
    return List.copyOf(keys);
  }

  private static boolean isFit(JWK jwk) {
    var use = jwk.getKeyUse();
    var operations = jwk.getKeyOperations();
    return switch (jwk) {
          case RSAKey _ -> jwk.size() >= RSA_BITS_MIN;
          case ECKey _ -> true;
          case OctetKeyPair pair -> Curve.Ed25519.equals(pair.getCurve());
          default -> false;
        }
        && (use == null || use.equals(KeyUse.SIGNATURE))
        && (operations == null || operations.contains(KeyOperation.VERIFY));
  }

  /// Whether it may have signed what has this header.
  boolean fits(JWSHeader header) {
    var algorithm = header.getAlgorithm();
    var kid = header.getKeyID();
    var own = jwk.getAlgorithm();
    return (kid == null || kid.equals(jwk.getKeyID()))
        && (own == null || own.getName().equals(algorithm.getName()) || jwk instanceof OctetKeyPair)
        && switch (jwk) {
          case RSAKey _ -> RSA.contains(algorithm);
          case ECKey key ->
              ELLIPTIC.contains(algorithm)
                  && Curve.forJWSAlgorithm(algorithm).contains(key.getCurve());
          case OctetKeyPair _ -> EDWARDS.contains(algorithm);
          default -> false;
        };
  }

  boolean signed(JWSObject token) {
    try {
      return switch (jwk) {
        case RSAKey key -> token.verify(new RSASSAVerifier(key));
        case ECKey key -> token.verify(new ECDSAVerifier(key));
        case OctetKeyPair key -> signed(token, key);
        default -> false;
      };
    } catch (JOSEException | GeneralSecurityException | IllegalStateException _) {
      return false; // whatever is wrong with the signature, it is not ours
    }
  }

  /// By the JDK: the library would need another one.
  private static boolean signed(JWSObject token, OctetKeyPair key) throws GeneralSecurityException {
    var point = key.getX().decode();
    var encoded = new byte[ED25519_PREFIX.length + point.length];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
    var signature = Signature.getInstance("Ed25519");
    signature.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    signature.update(token.getSigningInput());
    return signature.verify(token.getSignature().decode());
  }
}
