package trunkline.access.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.access.Authenticator.Verdict;
import trunkline.feature.Scopes;
import trunkline.jsonrpc.Codec;
import trunkline.testing.TokenForge;

@Timeout(60)
class SignedTokensTest {
  private static Provider provider;

  @BeforeAll
  static void start() {
    provider = new Provider();
  }

  @AfterAll
  static void end() {
    provider.close();
  }

  private static Verdict.Known known(OAuthFixture fixture, String token) {
    assertThat(fixture.refusal(token)).startsWith("taken as ");
    return (Verdict.Known) fixture.judge(token);
  }

  @Test
  void a_good_token_says_who_what_and_how_long() {
    var fixture = OAuthFixture.of(provider);
    var token =
        provider
            .token("alice")
            .scope("orders:read orders:write")
            .claim("scp", "['profile']")
            .claim("jti", "'t-1'")
            .claim("roles", "['cook']")
            .sign();

    var known = known(fixture, token);

    assertThat(known.principal().name()).isEqualTo(provider.issuer() + " alice");
    assertThat(known.credential().scopes())
        .isEqualTo(Scopes.of(Set.of("orders:read", "orders:write", "profile")));
    assertThat(known.credential().id()).isEqualTo("jti:t-1");
    assertThat(known.credential().expires()).isNotNull();
    assertThat(known.claims().at("/roles/0").asString()).isEqualTo("cook");
    assertThat(known.standing().holds()).isTrue();
  }

  @Test
  void what_other_issuers_write_is_taken() {
    var fixture = OAuthFixture.of(provider);

    assertThat(
            List.of(
                provider.token("a").header("typ", "JWT"),
                provider.token("b").header("typ", "application/at+jwt"),
                provider.token("c").withoutHeader("typ"),
                provider.token("d").withoutHeader("kid"),
                provider
                    .token("e")
                    .claim("aud", "['https://other.example','%s']".formatted(Provider.AUDIENCE)),
                provider.token("f").claim("nonce", "'n'").scope("x"),
                provider.token("g").claim("exp", seconds(120) + ".5"),
                provider.token("h").claim("typ", "'Bearer'"),
                // within what clocks may differ by
                provider.token("i").expiring(Duration.ofSeconds(-20)),
                provider.token("j").claim("nbf", Long.toString(seconds(20)))))
        .allSatisfy(token -> assertThat(fixture.refusal(token.sign())).startsWith("taken as "));
  }

  @Test
  void every_other_token_is_refused_and_told_why() throws Exception {
    var fixture = OAuthFixture.of(provider);
    var secret =
        new OctetSequenceKey.Builder(
                provider.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))
            .build();
    var stranger = TokenForge.key("first");
    var audience = "the token is for another audience";
    var kind = "that is no access token";

    record Case(String token, String reason) {}
    var cases =
        List.of(
            new Case(
                provider.token("x").expiring(Duration.ofSeconds(-31)).sign(),
                "the token has expired"),
            new Case(
                provider.token("x").claim("nbf", Long.toString(seconds(40))).sign(),
                "the token is not valid yet"),
            new Case(provider.token("x").without("exp").sign(), "the token never expires (exp)"),
            new Case(
                provider.token("x").claim("exp", "'soon'").sign(),
                "the token's claim exp is no time"),
            new Case(provider.token("x").claim("aud", "'https://mcp.example'").sign(), audience),
            new Case(
                provider.token("x").claim("aud", "'https://mcp.example/mcp/'").sign(), audience),
            new Case(provider.token("x").claim("aud", "[]").sign(), audience),
            new Case(provider.token("x").without("aud").sign(), audience),
            new Case(
                provider.token("x").claim("iss", "'" + provider.issuer() + "/'").sign(),
                "the token is of another issuer"),
            new Case(provider.token("x").without("iss").sign(), "the token is of another issuer"),
            new Case(provider.token("x").without("sub").sign(), "the token has no claim sub"),
            new Case(provider.token("x").claim("sub", "''").sign(), "the token has no claim sub"),
            new Case(
                provider.token("x").claim("sub", "['x']").sign(), "the token has no claim sub"),
            new Case(
                provider.token("x").claim("sub", "'" + "x".repeat(1000) + "'").sign(),
                "the token names its bearer at too great a length"),
            new Case(provider.token("x").sign(stranger), "the token is not signed by its issuer"),
            new Case(tampered(provider.token("x").sign()), "the token is not signed by its issuer"),
            new Case(
                provider.token("x").header("alg", "HS256").sign(secret),
                "the token's algorithm is not taken"),
            new Case(unsigned(provider.token("x").sign()), "the token is not a signed JWT"),
            new Case(
                provider.token("x").header("crit", List.of("exp")).header("exp", 1).sign(),
                "the token's header asks for what is not supported (crit)"),
            new Case(provider.token("x").header("typ", "logout+jwt").sign(), kind),
            new Case(provider.token("x").header("typ", "dpop+jwt").sign(), kind),
            new Case(provider.token("x").claim("at_hash", "'h'").sign(), kind),
            new Case(provider.token("x").claim("nonce", "'n'").sign(), kind),
            new Case(provider.token("x").claim("typ", "'ID'").sign(), kind),
            new Case(provider.token("x").claim("typ", "'Refresh'").sign(), kind),
            new Case(
                provider.token("x").claim("cnf", "{'jkt':'k'}").sign(),
                "the token is bound to a key (cnf), which is not supported"),
            new Case("a.b.c", "the token is not a signed JWT"),
            new Case("", "a bearer token is needed"));

    assertThat(cases)
        .allSatisfy(each -> assertThat(fixture.refusal(each.token())).isEqualTo(each.reason()));
  }

  /// The same key is taken for what it signs by its own algorithm only.
  @Test
  void keys_sign_by_the_algorithms_of_their_kind_if_they_are_long_enough() throws Exception {
    var rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    var weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
    var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    var point = pair.getPublic().getEncoded();
    var edwards =
        new OctetKeyPair.Builder(
                Curve.Ed25519, Base64URL.encode(Arrays.copyOfRange(point, 12, point.length)))
            .keyID("ed")
            .build();
    var encrypting = new RSAKey.Builder(rsa).keyID("enc").keyUse(KeyUse.ENCRYPTION).build();
    try (var other = new Provider()) {
      other.publish(rsa, weak, edwards, encrypting, other.key());
      var fixture = OAuthFixture.of(other);

      for (var algorithm : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")) {
        assertThat(fixture.refusal(by(other, rsa, algorithm))).startsWith("taken as ");
      }
      var header = new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID("ed").build();
      var payload = other.token("ed").sign().split("\\.", -1)[1];
      var input = header.toBase64URL() + "." + payload;
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      var signed = input + "." + Base64URL.encode(signature.sign());
      assertThat(fixture.refusal(signed)).startsWith("taken as ");
      assertThat(fixture.refusal(tampered(signed)))
          .isEqualTo("the token is not signed by its issuer");
      assertThat(fixture.refusal(by(other, encrypting, "RS256")))
          .isEqualTo("the token is not signed by its issuer");
      assertThat(
              SigningKey.ofSet(
                  Codec.objectFrom(
                      "{\"keys\":[%s,{\"kty\":\"x\"},7,{}]}"
                          .formatted(weak.toPublicJWK().toJSONString()))))
          .isEmpty();
    }
  }

  private static String by(Provider provider, JWK key, String algorithm) {
    return TokenForge.token(key, provider.issuer(), Provider.AUDIENCE, "x")
        .header("alg", algorithm)
        .sign(key);
  }

  @Test
  void a_tenant_and_another_claim_make_the_name_where_they_are_configured() throws Exception {
    var resource = new ProtectedResource(OAuthFixture.URL, List.of(provider.issuer()), List.of());
    var fixture =
        new OAuthFixture(
            new OAuthPolicy(
                resource,
                Set.of(Provider.AUDIENCE),
                "email",
                Optional.of("tid"),
                OAuthFixture.KEYS_AGE_MAX,
                OAuthFixture.OUTAGE_MAX,
                Optional.empty()));

    assertThat(
            fixture.refusal(
                provider.token("1").claim("email", "'é a@b%c\\n'").claim("tid", "'a b'").sign()))
        .isEqualTo("taken as " + provider.issuer() + " a%20b é%20a@b%25c%0A");
    assertThat(fixture.refusal(provider.token("1").claim("email", "'a@b'").sign()))
        .isEqualTo("the token has no claim tid");
  }

  @Test
  void a_token_without_the_scopes_that_every_request_needs_is_told_them() {
    var fixture =
        new OAuthFixture(
            OAuthFixture.policy(List.of("mcp:use", "mcp:more"), Optional.empty(), provider));

    assertThat(fixture.judge(provider.token("x").scope("mcp:use").sign()))
        .isEqualTo(new Verdict.Lacking(List.of("mcp:use", "mcp:more")));
    assertThat(fixture.judge(provider.token("x").scope("mcp:more a mcp:use").sign()))
        .isInstanceOf(Verdict.Known.class);
  }

  @Test
  void a_token_stands_until_it_expires() {
    var fixture = OAuthFixture.of(provider);
    var token = provider.token("alice").expiring(Duration.ofSeconds(90)).sign();
    var known = known(fixture, token);

    fixture.after(Duration.ofSeconds(115));
    assertThat(known.standing().holds()).isTrue();
    assertThat(fixture.refusal(token)).startsWith("taken as ");

    fixture.after(Duration.ofSeconds(10));
    assertThat(known.standing().holds()).isFalse();
    assertThat(fixture.refusal(token)).isEqualTo("the token has expired");
  }

  private static String tampered(String token) {
    var parts = token.split("\\.", -1);
    var bytes = new Base64URL(parts[2]).decode();
    bytes[3] ^= 1;
    return parts[0] + "." + parts[1] + "." + Base64URL.encode(bytes);
  }

  private static String unsigned(String token) {
    var parts = token.split("\\.", -1);
    return Base64URL.encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + parts[1] + ".";
  }

  /// Of the epoch.
  private static long seconds(long fromNow) {
    return Instant.now().getEpochSecond() + fromNow;
  }
}
