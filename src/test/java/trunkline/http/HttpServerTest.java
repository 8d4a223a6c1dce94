package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.access.Authenticator;
import trunkline.memory.MemoryBudget;
import trunkline.signal.InstanceId;

@Timeout(60)
class HttpServerTest {
  private static final String LIVE = "GET /observe/health/live HTTP/1.1\r\nHost: any.name\r\n\r\n";

  @Test
  void both_loopback_addresses_answer_on_one_port() throws IOException {
    try (var fixture = HttpFixture.start();
        var client =
            new RawHttp(
                new InetSocketAddress(InetAddress.ofLiteral("::1"), fixture.server().port()), 0)) {
      assertThat(client.send(LIVE).read().body()).isEqualTo("{\"status\":\"UP\",\"instance\":7}");
    }
  }

  @Test
  void a_taken_port_is_said_in_one_line() throws IOException {
    for (var address : new String[] {"127.0.0.1", "::1"}) {
      try (var other = new ServerSocket()) {
        other.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));

        assertThatThrownBy(() ->
                HttpFixture.start(
                    HttpFixture.allowing(Set.of(), Set.of()).at(other.getLocalPort()),
                    Authenticator.ANONYMOUS))
            .isInstanceOf(PortTaken.class)
            .hasMessageContaining("port " + other.getLocalPort())
            .hasMessageContaining("in use");
      }
    }
  }

  @Test
  void two_servers_in_one_process_do_not_know_each_other() throws IOException {
    try (var first = HttpFixture.start();
        var client = first.connect()) {
      try (var second = HttpFixture.start()) {
        assertThat(first.server().port()).isNotEqualTo(second.server().port());
      }
      assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
    }
  }

  /// A program that embeds us may have no registry that can be scraped.
  @Test
  void metrics_that_cannot_be_had_say_what_to_add() throws IOException {
    var wiring =
        new HttpWiring(
            new EchoGateway(),
            Authenticator.ANONYMOUS,
            (_, _, _, _) -> {},
            () -> new Health.Report(true, "serving", "notify", true),
            Optional::empty,
            () -> new InstanceId(7),
            Set.of(),
            new MemoryBudget(64 << 20, _ -> {}),
            Map.of(),
            Map.of(),
            _ -> {});
    try (var server = HttpServer.start(HttpFixture.allowing(Set.of(), Set.of()), wiring);
        var client = RawHttp.to(server.port())) {
      var refused = client.send(LIVE.replace("health/live", "metrics")).read();

      assertThat(refused.status()).isEqualTo(501);
      assertThat(refused.body()).contains("add io.micrometer:micrometer-registry-prometheus");
    }
  }

  @Test
  void readiness_says_how_news_arrives_and_is_a_503_while_draining() throws IOException {
    var report = new AtomicReference<>(new Health.Report(true, "serving", "notify", true));
    var wiring =
        new HttpWiring(
            new EchoGateway(),
            Authenticator.ANONYMOUS,
            (_, _, _, _) -> {},
            report::get,
            () -> Optional.of("m 1\n"),
            () -> new InstanceId(7),
            Set.of("x-tenant"),
            new MemoryBudget(64 << 20, _ -> {}),
            Map.of(),
            Map.of(),
            _ -> {});
    try (var server = HttpServer.start(HttpFixture.allowing(Set.of(), Set.of()), wiring);
        var client = RawHttp.to(server.port())) {
      var ready = client.send(LIVE.replace("live", "ready")).read();
      assertThat(ready.status()).isEqualTo(200);
      assertThat(ready.body())
          .isEqualTo(
              "{\"status\":\"UP\",\"instance\":7,\"state\":\"serving\","
                  + "\"database\":\"UP\",\"wakeups\":\"notify\"}");

      report.set(new Health.Report(false, "draining", "polling", true));
      var draining = client.send(LIVE.replace("live", "ready")).read();
      assertThat(draining.status()).isEqualTo(503);
      assertThat(draining.body()).contains("\"DOWN\"", "draining", "polling");
      assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
    }
  }

  /// A balancer that keeps connections sends what it has on one that is open, and may not repeat
  /// it.
  @Test
  void what_is_asked_on_an_open_connection_is_answered_after_others_are_refused()
      throws IOException {
    try (var fixture = HttpFixture.start();
        var kept = fixture.connect();
        var asking = fixture.connect()) {
      assertThat(kept.send(LIVE).read().headers()).doesNotContainEntry("connection", "close");
      asking.send(LIVE.substring(0, 5));
      kept.send(LIVE).read();

      fixture.server().refuse();
      awaitRefused(fixture.server().port());
      fixture.server().awaitRefused(); // its connections know a moment later

      for (var answer : List.of(kept.send(LIVE).read(), asking.send(LIVE.substring(5)).read())) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("connection", "close");
      }
      assertThat(kept.readToEnd()).isZero();
      assertThat(asking.readToEnd()).isZero();
    }
  }

  private static void awaitRefused(int port) {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() - until < 0) {
      try (var _ = RawHttp.to(port)) {
        Thread.onSpinWait();
      } catch (IOException _) {
        return;
      }
    }
    throw new AssertionError("port " + port + " still accepts");
  }

  @Test
  void metrics_are_prometheus_text() throws IOException {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      var answer = client.send(LIVE.replace("health/live", "metrics")).read();

      assertThat(answer.headers())
          .containsEntry("content-type", "text/plain; version=0.0.4; charset=utf-8");
      assertThat(answer.body()).isEqualTo("trunkline_test 1\n");
    }
  }

  @Test
  void whoever_asks_for_the_end_of_the_connection_gets_it() throws IOException {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      assertThat(client.send(HttpFixture.call("echo", "Connection: close")).read().status())
          .isEqualTo(200);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void accepted_and_ended_have_no_body() throws IOException {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      var note = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
      assertThat(client.send(HttpFixture.post(note)).read())
          .isEqualTo(client.send(HttpFixture.post(note)).read())
          .satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.body()).isEmpty();
          });
      var delete = HttpFixture.get("Mcp-Session-Id: x").replace("GET", "DELETE");
      assertThat(client.send(delete).read().status()).isEqualTo(204);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=UTF-8",
        "Application/JSON;charset=\"utf-8\"; v=1",
        "application/json;"
      })
  void parameters_of_the_content_type_are_taken_as_meant(String type) throws IOException {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      var call = HttpFixture.call("echo").replace("application/json\r\nA", type + "\r\nA");
      assertThat(client.send(call).read().status()).isEqualTo(200);
    }
  }

  @Test
  void a_chunked_body_and_one_behind_expect_continue_are_read() throws IOException {
    var body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}";
    var head = HttpFixture.post("").replace("Content-Length: 0\r\n\r\n", "");
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      client.send(head + "Transfer-Encoding: chunked\r\n\r\n");
      for (var part : body.split("(?<=:)", -1)) {
        client.send(Integer.toHexString(part.length()) + "\r\n" + part + "\r\n");
      }
      assertThat(client.send("0\r\n\r\n").read().status()).isEqualTo(200);

      client.send(head + "Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(100);
      assertThat(client.send(body).read().status()).isEqualTo(200);
    }
  }

  @Test
  void a_stop_ends_open_streams_within_its_grace() throws Exception {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      client.send(HttpFixture.get("Mcp-Session-Id: x")).readHead();

      var port = fixture.server().port();
      Thread.ofVirtual().start(fixture::close).join();

      assertThat(client.readToEnd()).isLessThan(1_000);
      assertThatThrownBy(() -> RawHttp.to(port)).isInstanceOf(IOException.class);
    }
  }
}
