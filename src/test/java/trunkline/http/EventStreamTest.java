package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.access.Authenticator;
import trunkline.config.ServerConfig;
import trunkline.signal.Doorbell;
import trunkline.telemetry.ServerEvent;

@Timeout(60)
class EventStreamTest {
  private static final String LISTEN = "Mcp-Method: subscriptions/listen";
  private static final String BRIEF = "Mcp-Session-Id: brief";
  private static final String SESSION = "Mcp-Session-Id: " + "a".repeat(32);

  @Test
  void a_stream_is_chunked_events_and_its_connection_is_used_again() throws Exception {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      var answer = client.send(HttpFixture.call("stream")).read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers())
          .containsEntry("content-type", "text/event-stream")
          .containsEntry("cache-control", "no-cache, no-transform")
          .containsEntry("x-accel-buffering", "no")
          .containsEntry("mcp-session-id", "f".repeat(32))
          .containsEntry("trunkline-instance", "7");
      assertThat(answer.body())
          .isEqualTo(
              """
              id: 7.0.0.1.1
              retry: 2000
              data:\s

              event: message
              id: 7.1.0
              data: {"n":1}

              event: message
              id: 7.2.0
              data: {"n":2}

              event: message
              id: 7.3.0
              data: {"n":3}

              """);
      assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
    }
  }

  @Test
  void an_idle_stream_sends_its_headers_at_once_and_comments_from_then_on() throws Exception {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      var head = client.send(HttpFixture.get(SESSION)).readHead();

      assertThat(head.status()).isEqualTo(200);
      for (var i = 0; i < 4; i++) {
        assertThat(client.readUntil("\n\n")).isEqualTo(":\n\n");
      }
    }
  }

  @Test
  void a_stream_of_a_get_ends_and_its_connection_is_used_again() throws Exception {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      for (var each = 0; each < 3; each++) {
        assertThat(client.send(HttpFixture.get(BRIEF)).read().body()).contains("{\"n\":1}");
        assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
      }
    }
  }

  /// Goal: what a GET carries is never taken for the next request of its connection, which may be
  /// another client's behind a proxy.
  @Test
  void the_body_of_a_get_is_not_the_next_request() throws Exception {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      var smuggled = HttpFixture.call("echo");
      var get = HttpFixture.get(BRIEF, "Content-Length: " + smuggled.length());

      var answer = client.send(get + smuggled).read();

      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(answer.body()).contains("{\"n\":1}");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  /// Goal: clients that only listen do not fill the heap. Method: one more than there are places.
  @Test
  void a_stream_beyond_the_last_place_is_told_to_come_later() throws Exception {
    try (var fixture = HttpFixture.start()) {
      List<RawHttp> listening = new ArrayList<>();
      for (var i = 0; i < HttpFixture.FAST.streamsMax(); i++) {
        listening.add(fixture.connect());
        assertThat(listening.getLast().send(HttpFixture.get(SESSION)).readHead().status())
            .isEqualTo(200);
      }

      try (var late = fixture.connect()) {
        var answer = late.send(HttpFixture.get(SESSION)).read();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("retry-after");
        assertThat(answer.body()).contains("8 streams", "heap");
        assertThat(late.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
        try (var listener = fixture.connect()) {
          assertThat(listener.send(HttpFixture.call("stream", LISTEN)).read().status())
              .isEqualTo(503);
        }

        listening.getFirst().close();
        assertThat(fixture.gateway().ended.poll(10, TimeUnit.SECONDS)).isEqualTo("LEFT");
        assertThat(findsPlace(fixture)).isTrue();
      }
      for (var each : listening) {
        each.close();
      }
    }
  }

  /// Goal: a POST that lasts is counted as the two GETs that it costs.
  @Test
  void a_post_that_listens_takes_a_place_until_its_end() throws Exception {
    try (var fixture = HttpFixture.start()) {
      List<RawHttp> listening = new ArrayList<>();
      for (var i = 0; i < HttpFixture.FAST.streamsMax() / 2; i++) {
        listening.add(fixture.connect());
        assertThat(listening.getLast().send(HttpFixture.call("flood", LISTEN)).readHead().status())
            .isEqualTo(200);
      }

      try (var late = fixture.connect()) {
        assertThat(late.send(HttpFixture.get(SESSION)).read().status()).isEqualTo(503);
      }
      for (var each : listening) {
        each.close();
      }
      assertThat(findsPlace(fixture)).isTrue();
    }
  }

  /// The place is free a moment after its stream has ended.
  private static boolean findsPlace(HttpFixture fixture) throws Exception {
    for (var attempt = 0; attempt < 1_000; attempt++) {
      try (var client = fixture.connect()) {
        if (client.send(HttpFixture.get(SESSION)).readHead().status() == 200) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void a_client_that_closed_is_noticed_within_one_keep_alive_interval() throws Exception {
    try (var fixture = HttpFixture.start()) {
      var client = fixture.connect();
      client.send(HttpFixture.get(SESSION)).readHead();
      client.readChunk();

      client.close();
      var closed = System.nanoTime();

      assertThat(fixture.gateway().ended.poll(10, TimeUnit.SECONDS)).isEqualTo("LEFT");
      assertThat((System.nanoTime() - closed) / 1_000_000)
          .isLessThan(HttpFixture.FAST.keepAlive().toMillis());
    }
  }

  @Test
  void a_client_that_reset_is_noticed_as_well() throws Exception {
    try (var fixture = HttpFixture.start()) {
      var client = fixture.connect();
      client.send(HttpFixture.get(SESSION)).readHead();

      client.reset();

      assertThat(fixture.gateway().ended.poll(10, TimeUnit.SECONDS)).isEqualTo("LEFT");
    }
  }

  /// Goal: a client that stopped reading is cut off after the write time-out, and meanwhile nobody
  /// else waits.
  @Test
  void a_stuck_client_is_closed_and_delays_nobody() throws Exception {
    try (var fixture = HttpFixture.start();
        var stuck = fixture.connectReadingSlowly();
        var other = fixture.connect()) {
      stuck.send(HttpFixture.call("flood")).readHead();
      var began = System.nanoTime();

      var slowest = 0L;
      var why = fixture.gateway().ended.poll();
      while (why == null) {
        var before = System.nanoTime();
        assertThat(other.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
        slowest = Math.max(slowest, System.nanoTime() - before);
        why = fixture.gateway().ended.poll();
      }

      assertThat(why).isEqualTo("SLOW");
      assertThat(System.nanoTime() - began)
          .isGreaterThan(HttpFixture.FAST.writeTimeout().toNanos() / 2);
      assertThat(slowest).isLessThan(HttpFixture.FAST.writeTimeout().toNanos() / 2);
    }
  }

  @Test
  void a_big_answer_to_a_stuck_client_does_not_hang_either() throws Exception {
    try (var fixture = HttpFixture.start();
        var stuck = fixture.connectReadingSlowly()) {
      stuck.send(HttpFixture.call("big")).readHead();

      assertThat(fixture.events().poll(10, TimeUnit.SECONDS))
          .isInstanceOf(ServerEvent.ConnectionCut.class);
      assertThat(stuck.readToEnd()).isLessThan(EchoGateway.BIG.length());
    }
  }

  @Test
  void a_big_answer_arrives_whole() throws Exception {
    try (var fixture = HttpFixture.patient();
        var client = fixture.connect()) {
      var answer = client.send(HttpFixture.call("big")).read();

      assertThat(answer.body().equals(EchoGateway.BIG)).isTrue();
      assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
    }
  }

  @Test
  void a_stream_that_breaks_down_does_not_end_like_a_proper_one() throws Exception {
    try (var fixture = HttpFixture.start();
        var client = fixture.connect()) {
      client.send(HttpFixture.call("broken")).readHead();

      assertThat(client.readUntil("{}")).doesNotContain("secret");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void two_thousand_idle_streams_are_kept_and_told_at_once() throws Exception {
    List<RawHttp> clients = new ArrayList<>();
    try (var fixture =
        HttpFixture.start(ServerConfig.of(Map.of("port", "0")).http(), Authenticator.ANONYMOUS)) {
      for (var i = 0; i < 2_000; i++) {
        var client = fixture.connect();
        client.send(HttpFixture.get(SESSION));
        clients.add(client);
      }
      for (var client : clients) {
        assertThat(client.readHead().status()).isEqualTo(200);
      }

      fixture.gateway().followers.forEach(Doorbell::ring);

      for (var client : clients) {
        client.readUntil("\n\n");
      }
      assertThat(fixture.gateway().ended).isEmpty();
      assertThat(fixture.gateway().followers).hasSize(2_000);
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
  }
}
