package trunkline.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trunkline.access.Authenticator.Credentials;
import trunkline.access.Authenticator.Verdict;
import trunkline.feature.Scopes;
import trunkline.jsonrpc.Codec;
import trunkline.session.Principal;

@Timeout(60)
class AuthenticatorTest {
  /// SHA-256 of `open sesame`.
  private static final String SESAME =
      "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";

  @TempDir private Path folder;

  private static Credentials from(String peer, Map<String, String> headers) {
    return new Credentials(
        InetAddress.ofLiteral(peer), name -> Optional.ofNullable(headers.get(name)));
  }

  private static Credentials token(String header) {
    return from("192.0.2.1", Map.of("authorization", header));
  }

  private BearerTokens tokens(String... lines) throws IOException {
    return new BearerTokens(Files.write(folder.resolve("tokens"), List.of(lines)));
  }

  private static String name(Verdict verdict) {
    return ((Verdict.Known) verdict).principal().name();
  }

  @Test
  void a_credential_tells_no_secret_and_stands_as_long_as_its_line() throws IOException {
    var tokens = tokens("alice " + SESAME + " {\"scope\": \"bake eat\"}");
    var known = (Verdict.Known) tokens.judge(token("Bearer open sesame"));

    assertThat(known.credential().id()).isEqualTo("file:" + SESAME.substring(0, 12));
    assertThat(known.credential().scopes()).isEqualTo(Scopes.parse("eat bake"));
    assertThat(known.standing().holds()).isTrue();

    tokens("alice " + "0".repeat(64));
    tokens.refresh();

    assertThat(known.standing().holds()).isFalse();
  }

  @Test
  void a_listed_token_names_its_principal() throws IOException {
    var tokens = tokens("# people", "", "alice " + SESAME);

    assertThat(name(tokens.judge(token("Bearer open sesame")))).isEqualTo("alice");
    assertThat(name(tokens.judge(token("bearer  open sesame ")))).isEqualTo("alice");
  }

  @Test
  void claims_may_follow_a_token() throws IOException {
    var tokens = tokens("alice " + SESAME + "  {\"team\": \"kitchen\", \"level\": 3}");

    assertThat(tokens.judge(token("Bearer open sesame")))
        .asInstanceOf(type(Verdict.Known.class))
        .returns(new Principal("alice"), Verdict.Known::principal)
        .returns(Codec.objectFrom("{\"team\":\"kitchen\",\"level\":3}"), Verdict.Known::claims);
    assertThatThrownBy(() -> tokens("alice " + SESAME + " team=secret"))
        .hasMessageContaining("line 1")
        .hasMessageContaining("JSON object of claims")
        .hasMessageNotContaining("secret");
  }

  @Test
  void other_tokens_and_schemes_are_unknown() throws IOException {
    var tokens = tokens("alice " + SESAME);

    for (var header :
        List.of("Bearer close sesame", "Bearer", "Bearer ", "Basic b3Blbg==", SESAME)) {
      assertThat(tokens.judge(token(header))).isInstanceOf(Verdict.Unknown.class);
    }
    assertThat(tokens.judge(from("192.0.2.1", Map.of()))).isInstanceOf(Verdict.Unknown.class);
    assertThat(tokens.judge(token("Bearer " + SESAME))).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void the_file_is_read_again_when_it_changes_and_a_broken_one_changes_nothing()
      throws IOException {
    var tokens = tokens("alice " + SESAME);

    tokens("bob " + SESAME, "carol " + "0".repeat(64));
    tokens.refresh();
    assertThat(name(tokens.judge(token("Bearer open sesame")))).isEqualTo("bob");

    Files.writeString(folder.resolve("tokens"), "mallory without a hash");
    tokens.refresh();
    assertThat(name(tokens.judge(token("Bearer open sesame")))).isEqualTo("bob");

    Files.delete(folder.resolve("tokens"));
    tokens.refresh();
    assertThat(tokens.judge(token("Bearer open sesame"))).isInstanceOf(Verdict.Known.class);
  }

  @Test
  void a_broken_file_at_start_names_its_line_and_not_its_content() {
    assertThatThrownBy(() -> tokens("alice " + SESAME, "bob secret"))
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> tokens("anonymous " + SESAME)).hasMessageContaining("line 1");
  }

  @Test
  void a_proxy_that_is_trusted_names_the_principal() {
    var header = new TrustedHeader("X-User", Networks.of(List.of("10.0.0.0/9", "::1")));

    assertThat(header.judge(from("10.127.0.1", Map.of("X-User", "alice"))))
        .isEqualTo(new Verdict.Known(new Principal("alice")));
    assertThat(header.judge(from("::1", Map.of("X-User", "alice"))))
        .isInstanceOf(Verdict.Known.class);
    assertThat(header.judge(from("10.128.0.1", Map.of("X-User", "alice"))))
        .isInstanceOf(Verdict.Forbidden.class);
    assertThat(header.judge(from("10.0.0.1", Map.of()))).isInstanceOf(Verdict.Unknown.class);
    for (var name : List.of("anonymous", "a b", "é", "x".repeat(201))) {
      assertThat(header.judge(from("10.0.0.1", Map.of("X-User", name))))
          .isInstanceOf(Verdict.Forbidden.class);
    }
  }

  @Test
  void networks_are_literals() {
    assertThatThrownBy(() -> Networks.of(List.of("proxy.example.com")))
        .hasMessageContaining("proxy.example.com");
    assertThatThrownBy(() -> Networks.of(List.of("10.0.0.0/33"))).hasMessageContaining("/33");
    assertThatThrownBy(() -> Networks.of(List.of("10.0.0.0/x"))).hasMessageContaining("/x");
    assertThat(Networks.of(List.of("0.0.0.0/0")).contains(InetAddress.ofLiteral("::1"))).isFalse();
  }

  @Test
  void no_certificate_names_the_bearer_of_an_access_token() {
    assertThat(List.of("Ada Lovelace", "spiffe://example.org/kitchen", "https://idp.example/ada"))
        .allMatch(ClientCertificate::isName);
    assertThat(List.of("https://idp.example/staff 17", "HTTP://localhost:1 a b", "anonymous"))
        .noneMatch(ClientCertificate::isName);
  }
}
