package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.access.BearerTokens;
import trunkline.access.Challenges;
import trunkline.access.Networks;
import trunkline.access.TrustedHeader;
import trunkline.access.WaysIn;

/// What a verdict becomes over HTTP.
class AuthenticationTest {
  private static final String SESAME =
      "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";

  @TempDir Path folder;

  private BearerTokens tokens(String line) throws IOException {
    return new BearerTokens(Files.writeString(folder.resolve("tokens"), line + "\n"));
  }

  @Test
  void over_http_a_token_is_asked_for_and_then_known() throws IOException {
    try (var fixture = HttpFixture.start(tokens("alice " + SESAME));
        var client = fixture.connect()) {
      var answer = client.send("GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n").read();

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer");
      assertThat(
              client.send(HttpFixture.call("whoami", "Authorization: Bearer open sesame")).read())
          .satisfies(known -> assertThat(known.body()).contains("alice"));
      assertThat(
              client.send("GET /observe/health/live HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
          .isEqualTo(200);
    }
  }

  @Test
  void over_http_a_header_from_a_stranger_is_refused_and_from_a_proxy_believed()
      throws IOException {
    var strangers = new TrustedHeader("X-User", Networks.of(List.of("192.0.2.0/24")));
    try (var fixture = HttpFixture.start(strangers);
        var client = fixture.connect()) {
      assertThat(client.send(HttpFixture.call("whoami", "X-User: alice")).read().status())
          .isEqualTo(403);
    }
    var local = new TrustedHeader("X-User", Networks.of(List.of("127.0.0.0/8")));
    try (var fixture = HttpFixture.start(local);
        var client = fixture.connect()) {
      assertThat(client.send(HttpFixture.call("whoami", "X-User: alice")).read().body())
          .contains("alice");
      assertThat(client.send(HttpFixture.call("whoami", "X-User: a", "X-User: b")).read().status())
          .isEqualTo(401);
    }
  }

  @Test
  void over_http_a_second_token_is_not_as_good_as_none() throws IOException {
    var proxy = new TrustedHeader("X-User", Networks.of(List.of("127.0.0.0/8")));
    var ways = new WaysIn(List.of(), Optional.of(proxy), Challenges.PLAIN);
    try (var fixture = HttpFixture.start(ways);
        var client = fixture.connect()) {
      var twice =
          HttpFixture.call(
              "whoami", "X-User: alice", "Authorization: Bearer a", "Authorization: Bearer b");

      assertThat(client.send(twice).read())
          .satisfies(answer -> assertThat(answer.status()).isEqualTo(400))
          .satisfies(answer -> assertThat(answer.body()).contains("duplicate header"));
    }
  }
}
