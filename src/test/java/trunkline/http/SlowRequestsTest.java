package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.access.Authenticator;
import trunkline.telemetry.ServerEvent;

/// Goal: a request that does not arrive in its time ends its connection, answered where the client
/// still sends, and one that is only large or slow is served.
@Timeout(60)
class SlowRequestsTest {
  private static final String HEAD =
      """
      POST /mcp HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      Accept: application/json, text/event-stream\r
      """;
  private static final Duration MOMENT = Duration.ofMillis(50);

  /// Of `HttpFixture.FAST`, and what tells silence from a late byte.
  private static final Duration CUT_MAX = Duration.ofSeconds(1 + 1 + 3);

  private static HttpFixture fixture;

  @BeforeAll
  static void start() {
    fixture = HttpFixture.start();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static void requireTimedOut(String start, String drop) throws IOException {
    var began = System.nanoTime();
    try (var client = fixture.connect()) {
      client.send(start);
      while (client.drop(drop, MOMENT)) {
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CUT_MAX);
      }

      var answer = client.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("in time");
      assertThat(client.finish().readToEnd()).isZero();
    }
  }

  @Test
  void a_request_line_that_comes_drop_by_drop_is_a_408() throws IOException {
    requireTimedOut("POST /", "a");
  }

  @Test
  void headers_that_come_drop_by_drop_are_a_408() throws IOException {
    requireTimedOut(HEAD, "X: y\r\n");
  }

  @Test
  void a_body_that_comes_drop_by_drop_is_a_408() throws IOException {
    requireTimedOut(HEAD + "Content-Length: 10000\r\n\r\n", " ");
  }

  @Test
  void chunks_that_come_drop_by_drop_are_a_408() throws IOException {
    requireTimedOut(HEAD + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n");
  }

  @Test
  void a_chunk_that_comes_drop_by_drop_is_a_408() throws IOException {
    requireTimedOut(HEAD + "Transfer-Encoding: chunked\r\n\r\n8000\r\n", " ");
  }

  private static void requireCut(String start) throws IOException {
    fixture.events().clear();
    var began = System.nanoTime();
    try (var client = fixture.connect()) {
      assertThat(client.send(start).readToEnd()).isZero();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CUT_MAX);
    assertThat(fixture.events()).contains(new ServerEvent.ConnectionCut(7));
  }

  @Test
  void a_request_line_that_stops_midway_ends_the_connection() throws IOException {
    requireCut("POST /mcp");
  }

  @Test
  void headers_that_stop_midway_end_the_connection() throws IOException {
    requireCut(HEAD);
  }

  @Test
  void a_body_that_never_comes_ends_the_connection() throws IOException {
    requireCut(HEAD + "Content-Length: 10000\r\n\r\n");
  }

  @Test
  void chunks_that_never_come_end_the_connection() throws IOException {
    requireCut(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
  }

  @Test
  void a_chunk_that_never_ends_ends_the_connection() throws IOException {
    requireCut(HEAD + "Transfer-Encoding: chunked\r\n\r\n8000\r\n{");
  }

  /// Three times as long as a head may take, and as the first bytes of a body may.
  @Test
  void a_large_body_over_a_slow_line_is_served() throws IOException {
    var pieces = 12;
    var piece = " ".repeat(5_000);
    var call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}";
    try (var client = fixture.connect()) {
      client.send(
          HEAD + "Content-Length: " + (pieces * piece.length() + call.length()) + "\r\n\r\n");
      for (var sent = 0; sent < pieces; sent++) {
        assertThat(client.drop(piece, MOMENT.multipliedBy(5))).isTrue();
      }

      assertThat(client.send(call).read().status()).isEqualTo(200);
      assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
    }
  }

  /// Longer than a head or a body may take: nothing is awaited in a hurry between requests.
  @Test
  void a_connection_may_rest_between_requests() throws IOException {
    try (var client = fixture.connect()) {
      assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
      assertThat(client.drop("", CUT_MAX)).isTrue();

      assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
    }
  }

  /// Nobody is told: a client that has nothing to ask does no harm.
  @Test
  void a_connection_that_rests_too_long_is_closed_without_an_event() throws IOException {
    var fast = HttpFixture.FAST;
    var policy =
        new HttpPolicy(
            fast.keepAlive(),
            fast.writeTimeout(),
            fast.arrivalTimeout(),
            Duration.ofSeconds(1),
            fast.bodyBytesMax(),
            fast.streamsMax(),
            fast.stopGrace());
    try (var own =
            HttpFixture.start(
                new HttpSettings("127.0.0.1", 0, Set.of(), Set.of(), policy),
                Authenticator.ANONYMOUS);
        var silent = own.connect();
        var served = own.connect()) {
      assertThat(served.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);

      assertThat(silent.readToEnd()).isZero();
      assertThat(served.readToEnd()).isZero();
      assertThat(own.events()).noneMatch(ServerEvent.ConnectionCut.class::isInstance);
    }
  }

  @Test
  void large_headers_are_served_up_to_their_limit() throws IOException {
    try (var client = fixture.connect()) {
      var call = HttpFixture.call("echo", "Authorization: Bearer " + "t".repeat(15_000));
      assertThat(client.send(call).read().status()).isEqualTo(200);

      var larger = client.send(HttpFixture.call("echo", "X: " + "t".repeat(16_400))).read();
      assertThat(larger.status()).isEqualTo(431);
      assertThat(larger.body()).contains("headers have at most 16384 bytes");
      assertThat(client.finish().readToEnd()).isZero();
    }
  }
}
