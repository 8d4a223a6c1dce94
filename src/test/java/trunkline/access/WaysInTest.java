package trunkline.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.access.Authenticator.Credentials;
import trunkline.access.Authenticator.Verdict;
import trunkline.access.WaysIn.Way;
import trunkline.access.oauth.OAuthTokens;
import trunkline.access.oauth.ProtectedResource;
import trunkline.session.Principal;

/// Goal: each kind of credentials is judged by its own judge, and whoever is refused is told all
/// that it needs.
class WaysInTest {
  private static final String SESAME =
      "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";
  private static final String SIGNED = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";
  private static final ProtectedResource RESOURCE =
      new ProtectedResource(
          URI.create("https://mcp.example/mcp"), List.of("https://idp.example"), List.of("use"));
  private static final String WHERE =
      "resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp\","
          + " scope=\"use\"";

  @TempDir private Path folder;

  private WaysIn ways() throws IOException {
    var file = new BearerTokens(Files.writeString(folder.resolve("t"), "file " + SESAME));
    return new WaysIn(
        List.of(
            new Way(token -> token.startsWith("tk_"), judge("keys")),
            new Way(OAuthTokens::isSigned, judge("issuer")),
            new Way(file::lists, file),
            Way.ofAllOthers(judge("introspection"))),
        Optional.of(
            new TrustedHeader("x-user", Optional.empty(), Networks.of(List.of("10.0.0.0/8")))),
        RESOURCE);
  }

  private static Authenticator judge(String name) {
    return _ -> new Verdict.Known(new Principal(name));
  }

  private static Credentials with(String... headers) {
    Map<String, String> given = new HashMap<>();
    for (var i = 0; i < headers.length; i += 2) {
      given.put(headers[i], headers[i + 1]);
    }
    return new Credentials(
        InetAddress.ofLiteral("10.0.0.1"), name -> Optional.ofNullable(given.get(name)));
  }

  private static String who(Verdict verdict) {
    return verdict instanceof Verdict.Known known ? known.principal().name() : verdict.toString();
  }

  @Test
  void the_form_of_a_token_tells_who_judges_it() throws IOException {
    var ways = ways();

    assertThat(who(ways.judge(with("authorization", "Bearer tk_1")))).isEqualTo("keys");
    assertThat(who(ways.judge(with("authorization", "Bearer " + SIGNED)))).isEqualTo("issuer");
    assertThat(who(ways.judge(with("authorization", "Bearer open sesame")))).isEqualTo("file");
    assertThat(who(ways.judge(with("authorization", "Bearer other")))).isEqualTo("introspection");
    assertThat(who(ways.judge(with("x-user", "proxied")))).isEqualTo("proxied");
    assertThat(who(ways.judge(with("authorization", "Bearer tk_1", "x-user", "proxied"))))
        .as("a token counts more than the header")
        .isEqualTo("keys");
  }

  @Test
  void every_refusal_leads_to_the_issuers() throws IOException {
    var ways = ways();

    for (var missing :
        List.of(with(), with("authorization", "Basic eA=="), with("authorization", "Bearer "))) {
      assertThat(ways.judge(missing))
          .isInstanceOfSatisfying(
              Verdict.Unknown.class,
              unknown -> assertThat(unknown.challenge()).isEqualTo("Bearer " + WHERE));
    }
    var strict = new WaysIn(List.of(), Optional.empty(), RESOURCE);
    assertThat(strict.judge(with("authorization", "Bearer tk_1")))
        .isEqualTo(
            new Verdict.Unknown(
                "the token is not known",
                "Bearer error=\"invalid_token\", error_description=\"the token is not known\", "
                    + WHERE));
    assertThat(strict.documents()).hasSize(2);
    assertThat(strict.insufficient(List.of("more"))).contains("scope=\"more use\"");
  }

  @Test
  void what_looks_like_a_signed_token_is_one() {
    assertThat(List.of(SIGNED, "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJIUzI1NiJ9.x.y"))
        .allMatch(OAuthTokens::isSigned);
    assertThat(List.of("a.b.c", "tk_x", "", "..", "e30.e30.x", "eyJhbGciOiJSU0EifQ.a.b.c.d", "a.b"))
        .noneMatch(OAuthTokens::isSigned);
  }
}
