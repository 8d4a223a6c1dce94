package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.feature.SendOutcome;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.telemetry.ServerEvent.StreamClosed;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Streams that are written, held and resumed on different instances (requirements B, C4, C6), with
/// NOTIFY and without.
@Tag("cluster")
class StreamsAcrossInstancesTest {
  private static final Duration SHORT = Duration.ofSeconds(20);

  abstract static class Streams {
    private final Instance a;
    private final Instance b;
    private final Instance c;
    private final TestCluster cluster;
    private final List<McpTestClient> clients = new ArrayList<>();

    Streams(TestCluster cluster, String pollOnly) {
      this.cluster = cluster;
      cluster.with("features", "conformance").with("poll-only", pollOnly);
      this.a = cluster.start("a");
      this.b = cluster.start("b");
      this.c = cluster.start("c");
    }

    @AfterEach
    void leave() {
      clients.forEach(McpTestClient::close);
      List.of(a, b, c).forEach(Instance::close);
    }

    private McpTestClient client(String revision) throws InterruptedException {
      var client = new McpTestClient();
      clients.add(client);
      client.on(a.url()).connect(revision, "{\"elicitation\":{}}");
      return client;
    }

    private static void send(Instance sender, McpTestClient client, String text) {
      var params = Codec.object().put("level", "info").put("data", text);
      assertThat(
              sender
                  .server()
                  .handle()
                  .send(
                      client.sessionId(),
                      new Message.Notification("notifications/message", params)))
          .isInstanceOf(SendOutcome.Sent.class);
    }

    private static String next(RawSse stream) throws InterruptedException {
      return stream.nextMessage(SHORT).path("params").path("data").asString();
    }

    @Test
    void what_any_instance_sends_arrives_where_the_stream_is() throws Exception {
      var client = client("2025-11-25");
      try (var stream = client.on(b.url()).get().sse()) {
        send(a, client, "from a");
        assertThat(next(stream)).isEqualTo("from a");
        send(b, client, "from b");
        assertThat(next(stream)).isEqualTo("from b");
        send(c, client, "from c");
        assertThat(next(stream)).isEqualTo("from c");
      }
    }

    @Test
    void what_was_sent_while_no_stream_was_open_is_delivered_when_one_opens() throws Exception {
      var client = client("2025-11-25");
      send(a, client, "1");
      send(b, client, "2");

      try (var stream = client.on(c.url()).get().sse()) {
        assertThat(next(stream)).isEqualTo("1");
        assertThat(next(stream)).isEqualTo("2");
      }
    }

    @Test
    void a_stream_resumes_elsewhere_after_the_event_the_client_names() throws Exception {
      var client = client("2025-11-25");
      String last;
      try (var stream = client.on(b.url()).get().sse()) {
        send(a, client, "1");
        send(a, client, "2");
        last = Objects.requireNonNull(stream.nextMessageEvent(SHORT).id());
        assertThat(next(stream)).isEqualTo("2");
      }
      send(b, client, "3");

      try (var stream = client.on(c.url()).resume(last).sse()) {
        assertThat(next(stream)).isEqualTo("2");
        assertThat(next(stream)).isEqualTo("3");
        send(b, client, "4");
        assertThat(next(stream)).isEqualTo("4");
      }
    }

    /// S10: a reconnect without an id is normal; the former holder says how far it came.
    @Test
    void a_get_without_an_id_goes_on_where_the_former_one_stopped() throws Exception {
      var client = client("2025-11-25");
      try (var former = client.on(b.url()).get().sse()) {
        send(a, client, "1");
        assertThat(next(former)).isEqualTo("1");

        try (var stream = client.on(c.url()).get().sse()) {
          send(a, client, "2");
          assertThat(next(stream)).isEqualTo("2");
        }
      }
    }

    /// S5: a superseded connection is parked, not closed, and gets no messages (C6).
    @Test
    void a_superseded_connection_stays_open_and_silent() throws Exception {
      var client = client("2025-11-25");
      try (var former = client.on(b.url()).get().sse();
          var stream = client.on(c.url()).get().sse()) {
        b.events().await(StreamClosed.class, e -> e.reason().equals("taken over"));
        send(a, client, "only once");
        assertThat(next(stream)).isEqualTo("only once");
        former.requireSilence(Duration.ofMillis(600));
        assertThat(former.isEnded()).isFalse();

        client.on(a.url()).delete();
        former.awaitEnd(SHORT);
        stream.awaitEnd(SHORT);
      }
    }

    @Test
    void the_response_of_a_call_is_fetched_elsewhere_after_it_has_finished() throws Exception {
      var client = client("2025-11-25");
      String primed;
      try (var call =
          client.on(a.url()).callWithProgress("test_tool_with_progress", "{}", "t").sse()) {
        primed = Objects.requireNonNull(call.next(SHORT).id());
        assertThat(call.nextResponse().path("result").isObject()).isTrue();
        call.awaitEnd(SHORT);
      }

      String last;
      try (var again = client.on(b.url()).resume(primed).sse()) {
        assertThat(again.nextMessage("notifications/progress")).isNotNull();
        assertThat(again.nextResponse().path("result").isObject()).isTrue();
        again.awaitEnd(SHORT);
        last = again.requireLastEventId();
      }

      // S5: 200-and-close would make the reference clients loop.
      assertThat(client.on(c.url()).resume(last).status()).isEqualTo(405);
    }

    @Test
    void a_call_may_let_its_connection_go_and_be_fetched_elsewhere() throws Exception {
      var client = client("2025-11-25");
      String last;
      try (var call = client.on(a.url()).call("test_reconnection", "{}").sse()) {
        call.awaitEnd(SHORT);
        assertThat(call.retry()).isNotNull();
        last = call.requireLastEventId();
      }

      try (var again = client.on(b.url()).resume(last).sse()) {
        assertThat(again.nextResponse().path("result").isObject()).isTrue();
      }
    }

    @Test
    void ids_of_other_sessions_of_the_future_and_of_nothing_are_refused() throws Exception {
      var client = client("2025-11-25");
      var stranger = client("2025-11-25");
      String foreign;
      try (var stream = stranger.on(a.url()).get().sse()) {
        foreign = Objects.requireNonNull(stream.next(SHORT).id());
      }
      String mine;
      try (var stream = client.on(b.url()).get().sse()) {
        mine = Objects.requireNonNull(stream.next(SHORT).id());
      }
      var own = mine.split("\\.", -1)[0];

      assertThat(client.on(b.url()).resume(foreign).status()).isEqualTo(400);
      assertThat(client.on(b.url()).resume(own + ".9000000000000000000.0").status()).isEqualTo(400);
      assertThat(client.on(b.url()).resume("nonsense").status()).isEqualTo(400);
      assertThat(client.on(b.url()).resume("999999.0.0").status()).isEqualTo(400);
    }

    /// B1 and B5: of 30 messages ten are kept; a cursor at the floor has missed nothing.
    @Test
    void what_was_trimmed_is_said_and_what_was_kept_is_replayed() throws Exception {
      var client = client("2025-11-25");
      var ids = new ArrayList<String>();
      try (var stream = client.on(b.url()).get().sse()) {
        for (int i = 1; i <= 30; i++) {
          send(a, client, "m" + i);
          ids.add(Objects.requireNonNull(stream.nextMessageEvent(SHORT).id()));
        }
      }
      cluster.database().sql("select trunkline.trim_history(?, 10)", client.sessionId());

      try (var stream = client.on(c.url()).resume(ids.get(19)).sse()) {
        assertThat(next(stream)).isEqualTo("m21");
      }
      try (var stream = client.on(a.url()).resume(ids.get(18)).sse()) {
        assertThat(stream.nextMessage(SHORT).path("params").path("level").asString())
            .isEqualTo("warning");
        assertThat(stream.nextMessage("notifications/resources/list_changed")).isNotNull();
        assertThat(stream.nextMessage("notifications/prompts/list_changed")).isNotNull();
        assertThat(next(stream)).isEqualTo("m21");
      }
    }

    @Test
    void a_call_whose_messages_were_trimmed_cannot_be_resumed_before_them() throws Exception {
      var client = client("2025-11-25");
      String primed;
      try (var call =
          client.on(a.url()).callWithProgress("test_tool_with_progress", "{}", "t").sse()) {
        primed = Objects.requireNonNull(call.next(SHORT).id());
        call.awaitEnd(SHORT);
      }
      cluster.database().sql("select trunkline.trim_history(?, 1)", client.sessionId());

      assertThat(client.on(b.url()).resume(primed).status()).isEqualTo(400);
    }

    /// §2.2: an older client would parse the empty data and fail.
    @Test
    void a_session_before_2025_11_25_is_not_primed() throws Exception {
      var client = client("2025-06-18");
      try (var stream = client.on(b.url()).get().sse()) {
        send(a, client, "first");
        var event = stream.next(SHORT);
        assertThat(event.isMessage()).isTrue();
      }
    }

    @Test
    void a_broadcast_reaches_each_session_once_wherever_its_stream_is() throws Exception {
      var one = client("2025-11-25");
      var two = client("2025-11-25");
      try (var first = one.on(b.url()).get().sse();
          var second = two.on(c.url()).get().sse()) {
        var params = Codec.object().put("level", "info").put("data", "to all");
        a.server().handle().broadcast(new Message.Notification("notifications/message", params));
        assertThat(next(first)).isEqualTo("to all");
        assertThat(next(second)).isEqualTo("to all");
        send(a, one, "after");
        assertThat(next(first)).isEqualTo("after");
      }
    }

    /// S7, S12: rotating and freeing the slots hides nothing from a follower and loses nothing
    /// kept.
    @Test
    void rotation_hides_nothing_from_a_follower() throws Exception {
      var client = client("2025-11-25");
      try (var stream = client.on(b.url()).get().sse()) {
        for (int turn = 0; turn < 10; turn++) {
          send(a, client, "turn " + turn);
          assertThat(next(stream)).isEqualTo("turn " + turn);
          cluster
              .database()
              .sql(
                  "update trunkline.control set slot_opened_at = clock_timestamp() - interval '1 day'");
          c.server().sweepOnce();
        }
      }
      assertThat(cluster.database().sql("select current_slot from trunkline.control").number())
          .isNotZero();
    }
  }

  @Nested
  class WithNotify extends Streams {
    WithNotify(TestCluster cluster) {
      super(cluster, "false");
    }
  }

  @Nested
  class Polling extends Streams {
    Polling(TestCluster cluster) {
      super(cluster, "true");
    }
  }
}
