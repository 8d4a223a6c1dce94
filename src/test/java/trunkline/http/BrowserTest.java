package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.access.Networks;
import trunkline.access.TrustedHeader;

@Timeout(60)
class BrowserTest {
  private static final String PREFLIGHT =
      String.join(
          "\r\n",
          "OPTIONS /mcp HTTP/1.1",
          "Host: localhost",
          "Origin: https://app.example.org",
          "Access-Control-Request-Method: POST",
          "Access-Control-Request-Headers: content-type,Mcp-Param-Region,X-Evil",
          "",
          "");

  @Test
  void a_preflight_is_answered_without_credentials() throws IOException {
    var settings = HttpFixture.allowing(Set.of(), Set.of("https://app.example.org"));
    try (var fixture =
            HttpFixture.start(settings, new TrustedHeader("X-User", Networks.of(Set.of())));
        var client = fixture.connect()) {
      var answer = client.send(PREFLIGHT).read();

      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.headers())
          .containsEntry("access-control-allow-origin", "https://app.example.org")
          .containsEntry("access-control-allow-methods", "GET, POST, DELETE")
          .containsEntry("vary", "Origin");
      assertThat(answer.headers().get("access-control-allow-headers"))
          .contains("Mcp-Session-Id", "Last-Event-ID", "Mcp-Method", "mcp-param-region")
          .doesNotContain("X-Evil");
    }
  }

  @Test
  void a_page_may_read_the_session_and_why_it_was_refused() throws IOException {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      var answer = client.send(HttpFixture.call("echo", "Origin: http://localhost:6274")).read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers())
          .containsEntry("access-control-allow-origin", "http://localhost:6274");
      assertThat(answer.headers().get("access-control-expose-headers"))
          .contains("Mcp-Session-Id", "WWW-Authenticate");
    }
  }

  @Test
  void another_page_gets_no_permission() throws IOException {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      var answer = client.send(PREFLIGHT).read();

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
    }
  }
}
