package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginGuardTest {
  private final OriginGuard guard =
      new OriginGuard(
          Set.of("mcp.example.com", "other.example.com:8443"),
          Set.of("https://app.example.org"),
          false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1:8080",
        "[::1]",
        "[::1]:8080",
        "localhost.",
        "mcp.example.com",
        "MCP.example.com:9999",
        "other.example.com:8443"
      })
  void a_host_passes(String host) {
    assertThatCode(() -> guard.checkHost(Optional.of(host))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example.com",
        "localhost.evil.com",
        "other.example.com",
        "other.example.com:8444",
        "127.0.0.1.nip.io",
        "localhost:",
        "localhost:99999999",
        "[::1",
        "::2",
        "127.1",
        "",
        " ",
        "a b",
        "localhost@evil.com"
      })
  void a_host_does_not_pass(String host) {
    assertThatThrownBy(() -> guard.checkHost(Optional.of(host))).isInstanceOf(HttpProblem.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost",
        "http://localhost:6274",
        "https://127.0.0.1:1",
        "http://[::1]:3000",
        "https://mcp.example.com",
        "https://app.example.org",
        "HTTPS://APP.example.org",
        "https://app.example.org:443"
      })
  void an_origin_passes(String origin) {
    assertThatCode(() -> guard.checkOrigin(List.of(origin))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "http://app.example.org",
        "https://app.example.org:444",
        "http://evil.com",
        "http://localhost.evil.com",
        "http://evil.com/localhost",
        "file://",
        "localhost",
        "http://localhost:6274@evil.com",
        "chrome-extension://localhost"
      })
  void an_origin_does_not_pass(String origin) {
    assertThatThrownBy(() -> guard.checkOrigin(List.of(origin))).isInstanceOf(HttpProblem.class);
  }

  @Test
  void a_port_that_is_left_out_is_that_of_the_scheme() {
    var hosts = Set.of("a.example:443", "b.example:80");
    var origins = Set.of("https://page.example:443", "http://page.example:80");
    var plain = new OriginGuard(hosts, origins, false); // a proxy may have taken TLS off
    var secure = new OriginGuard(hosts, origins, true);

    for (var each : List.of(plain, secure)) {
      assertThatCode(() -> each.checkHost(Optional.of("a.example"))).doesNotThrowAnyException();
      assertThatCode(() ->
              each.checkOrigin(
                  List.of(
                      "https://page.example",
                      "http://page.example",
                      "https://a.example",
                      "http://b.example")))
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> each.checkOrigin(List.of("http://a.example")))
          .isInstanceOf(HttpProblem.class);
    }
    assertThatCode(() -> plain.checkHost(Optional.of("b.example"))).doesNotThrowAnyException();
    assertThatThrownBy(() -> secure.checkHost(Optional.of("b.example")))
        .isInstanceOf(HttpProblem.class);
  }

  @Test
  void whoever_sends_no_origin_is_no_page() {
    assertThatCode(() -> guard.checkOrigin(List.of())).doesNotThrowAnyException();
  }

  @Test
  void a_star_lets_everybody_in() {
    var open = new OriginGuard(Set.of("*"), Set.of("*"), false);

    assertThatCode(() -> open.checkHost(Optional.of("evil.com"))).doesNotThrowAnyException();
    assertThatCode(() -> open.checkOrigin(List.of("null"))).doesNotThrowAnyException();
  }

  @Test
  void entries_that_could_never_match_are_refused_at_start() {
    assertThatThrownBy(() -> new OriginGuard(Set.of("http://a/b"), Set.of(), false))
        .hasMessageContaining("http://a/b");
    assertThatThrownBy(() -> new OriginGuard(Set.of(), Set.of("example.com"), false))
        .hasMessageContaining("example.com");
  }

  @Test
  void ports_are_read_with_and_without_brackets() {
    assertThat(HostPort.parse("[::1]:80")).contains(new HostPort("::1", 80));
    assertThat(HostPort.parse("::1")).contains(new HostPort("::1", HostPort.PORT_ABSENT));
    assertThat(HostPort.parse("Name:080")).contains(new HostPort("name", 80));
  }
}
