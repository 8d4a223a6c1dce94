package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.telemetry.ServerEvent.StreamClosed;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;

/// Streams that are written, held and resumed on different instances (requirements B, C4, C6), with
/// NOTIFY and without.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class StreamsAcrossInstancesTest {
  private final Trio trio;

  StreamsAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  private static String next(RawSse stream) throws InterruptedException {
    return stream.nextMessageEvent(Trio.PATIENCE).log();
  }

  @Test
  void what_any_instance_sends_arrives_where_the_stream_is() throws Exception {
    var client = trio.connected(trio.a);
    try (var stream = client.on(trio.b).get().sse()) {
      Trio.send(trio.a, client, "from a");
      assertThat(next(stream)).isEqualTo("from a");
      Trio.send(trio.b, client, "from b");
      assertThat(next(stream)).isEqualTo("from b");
      Trio.send(trio.c, client, "from c");
      assertThat(next(stream)).isEqualTo("from c");
    }
  }

  @Test
  void what_was_sent_while_no_stream_was_open_is_delivered_when_one_opens() throws Exception {
    var client = trio.connected(trio.a);
    Trio.send(trio.a, client, "1");
    Trio.send(trio.b, client, "2");

    try (var stream = client.on(trio.c).get().sse()) {
      assertThat(next(stream)).isEqualTo("1");
      assertThat(next(stream)).isEqualTo("2");
    }
  }

  @Test
  void a_stream_resumes_elsewhere_after_the_event_the_client_names() throws Exception {
    var client = trio.connected(trio.a);
    String last;
    try (var stream = client.on(trio.b).get().sse()) {
      Trio.send(trio.a, client, "1");
      Trio.send(trio.a, client, "2");
      last = Objects.requireNonNull(stream.nextMessageEvent(Trio.PATIENCE).id());
      assertThat(next(stream)).isEqualTo("2");
    }
    Trio.send(trio.b, client, "3");

    try (var stream = client.on(trio.c).resume(last).sse()) {
      assertThat(next(stream)).isEqualTo("2");
      assertThat(next(stream)).isEqualTo("3");
      Trio.send(trio.b, client, "4");
      assertThat(next(stream)).isEqualTo("4");
    }
  }

  /// S10: a reconnect without an id is normal; the former holder says how far it came.
  @Test
  void a_get_without_an_id_goes_on_where_the_former_one_stopped() throws Exception {
    var client = trio.connected(trio.a);
    try (var former = client.on(trio.b).get().sse()) {
      Trio.send(trio.a, client, "1");
      assertThat(next(former)).isEqualTo("1");

      try (var stream = client.on(trio.c).get().sse()) {
        Trio.send(trio.a, client, "2");
        assertThat(next(stream)).isEqualTo("2");
      }
    }
  }

  /// S5: a superseded connection is parked, not closed, and gets no messages (C6).
  @Test
  void a_superseded_connection_stays_open_and_silent() throws Exception {
    var client = trio.connected(trio.a);
    trio.b.events().clear();
    try (var former = client.on(trio.b).get().sse();
        var stream = client.on(trio.c).get().sse()) {
      trio.b.events().await(StreamClosed.class, e -> e.reason().equals("taken over"));
      Trio.send(trio.a, client, "only once");
      assertThat(next(stream)).isEqualTo("only once");
      former.requireSilence(Duration.ofMillis(600));
      assertThat(former.isEnded()).isFalse();

      client.on(trio.a).delete();
      former.awaitEnd(Trio.PATIENCE);
      stream.awaitEnd(Trio.PATIENCE);
    }
  }

  @Test
  void the_response_of_a_call_is_fetched_elsewhere_after_it_has_finished() throws Exception {
    var client = trio.connected(trio.a);
    String primed;
    try (var call = client.on(trio.a).callWithProgress("count", json("{'to':3}"), "t").sse()) {
      primed = Objects.requireNonNull(call.next(Trio.PATIENCE).id());
      assertThat(call.nextResponse().path("result").isObject()).isTrue();
      call.awaitEnd(Trio.PATIENCE);
    }

    String last;
    try (var again = client.on(trio.b).resume(primed).sse()) {
      assertThat(again.nextMessage("notifications/progress")).isNotNull();
      assertThat(again.nextResponse().path("result").isObject()).isTrue();
      again.awaitEnd(Trio.PATIENCE);
      last = again.requireLastEventId();
    }

    // S5: 200-and-close would make the reference clients loop.
    assertThat(client.on(trio.c).resume(last).status()).isEqualTo(405);
  }

  @Test
  void a_call_may_let_its_connection_go_and_be_fetched_elsewhere() throws Exception {
    var client = trio.connected(trio.a);
    String last;
    try (var call = client.on(trio.a).call("let_go", Trio.named("let go")).sse()) {
      call.awaitEnd(Trio.PATIENCE);
      assertThat(call.retry()).isNotNull();
      last = call.requireLastEventId();
    }
    trio.tools.gate("let go").open();

    try (var again = client.on(trio.b).resume(last).sse()) {
      assertThat(again.nextResponse().path("result").isObject()).isTrue();
    }
  }

  @Test
  void ids_of_other_sessions_and_of_nothing_are_refused_and_of_the_future_told_the_gap()
      throws Exception {
    var client = trio.connected(trio.a);
    var stranger = trio.connected(trio.a);
    String foreign;
    try (var stream = stranger.on(trio.a).get().sse()) {
      foreign = Objects.requireNonNull(stream.next(Trio.PATIENCE).id());
    }
    String mine;
    try (var stream = client.on(trio.b).get().sse()) {
      mine = Objects.requireNonNull(stream.next(Trio.PATIENCE).id());
    }
    var own = mine.split("\\.", -1)[0];

    assertThat(client.on(trio.b).resume(foreign).status()).isEqualTo(400);
    for (var future : List.of(".4000000000000000000.0", ".0.4000000000000000000")) {
      try (var stream = client.on(trio.b).resume(own + future).sse()) {
        assertThat(stream.nextMessage(Trio.PATIENCE).path("params").path("level").asString())
            .isEqualTo("warning");
      }
    }
    assertThat(client.on(trio.b).resume("nonsense").status()).isEqualTo(400);
    assertThat(client.on(trio.b).resume("999999.0.0").status()).isEqualTo(400);
  }

  /// B1 and B5: of 30 messages ten are kept; a cursor at the floor has missed nothing.
  @Test
  void what_was_trimmed_is_said_and_what_was_kept_is_replayed() throws Exception {
    var client = trio.connected(trio.a);
    var ids = new ArrayList<String>();
    try (var stream = client.on(trio.b).get().sse()) {
      for (int i = 1; i <= 30; i++) {
        Trio.send(trio.a, client, "m" + i);
        ids.add(Objects.requireNonNull(stream.nextMessageEvent(Trio.PATIENCE).id()));
      }
    }
    trio.db.sql("select trunkline.trim_history(?, 10)", client.sessionId());

    try (var stream = client.on(trio.c).resume(ids.get(19)).sse()) {
      assertThat(next(stream)).isEqualTo("m21");
    }
    try (var stream = client.on(trio.a).resume(ids.get(18)).sse()) {
      assertThat(stream.nextMessage(Trio.PATIENCE).path("params").path("level").asString())
          .isEqualTo("warning");
      assertThat(stream.nextMessage("notifications/resources/list_changed")).isNotNull();
      assertThat(stream.nextMessage("notifications/prompts/list_changed")).isNotNull();
      assertThat(next(stream)).isEqualTo("m21");
    }
  }

  @Test
  void a_call_whose_messages_were_trimmed_cannot_be_resumed_before_them() throws Exception {
    var client = trio.connected(trio.a);
    String primed;
    try (var call = client.on(trio.a).callWithProgress("count", json("{'to':3}"), "t").sse()) {
      primed = Objects.requireNonNull(call.next(Trio.PATIENCE).id());
      call.awaitEnd(Trio.PATIENCE);
    }
    trio.db.sql("select trunkline.trim_history(?, 1)", client.sessionId());

    assertThat(client.on(trio.b).resume(primed).status()).isEqualTo(400);
  }

  /// Goal: the priming event comes before anything is sent, once, and a client goes on from its id.
  @Test
  void a_get_is_primed_once_and_goes_on_from_there() throws Exception {
    var client = trio.connected(trio.a);
    String primed;
    try (var stream = client.on(trio.b).get().sse()) {
      var first = stream.next(Trio.PATIENCE);
      assertThat(first.isMessage()).isFalse();
      primed = Objects.requireNonNull(first.id());
      Trio.send(trio.a, client, "first");
      assertThat(stream.next(Trio.PATIENCE).isMessage()).as("primed once").isTrue();
    }
    try (var again = client.on(trio.c).resume(primed).sse()) {
      var first = again.next(Trio.PATIENCE);
      assertThat(first.isMessage()).isFalse();
      assertThat(first.id()).isNotEqualTo(primed);
      assertThat(next(again)).isEqualTo("first");
    }
  }

  /// §2.2: an older client would parse the empty data and fail.
  @Test
  void a_session_before_2025_11_25_is_not_primed() throws Exception {
    var client = trio.connected(trio.a, "2025-06-18", Trio.EVERYTHING);
    try (var stream = client.on(trio.b).get().sse()) {
      Trio.send(trio.a, client, "first");
      var event = stream.next(Trio.PATIENCE);
      assertThat(event.isMessage()).isTrue();
    }
  }

  @Test
  void a_broadcast_reaches_each_session_once_wherever_its_stream_is() throws Exception {
    var one = trio.connected(trio.a);
    var two = trio.connected(trio.a);
    try (var first = one.on(trio.b).get().sse();
        var second = two.on(trio.c).get().sse()) {
      trio.a.server().handle().broadcast(Trio.notification("to all"));
      assertThat(next(first)).isEqualTo("to all");
      assertThat(next(second)).isEqualTo("to all");
      Trio.send(trio.a, one, "after");
      assertThat(next(first)).isEqualTo("after");
    }
  }

  /// S7, S12: rotating and freeing the slots hides nothing from a follower and loses nothing kept.
  @Test
  void rotation_hides_nothing_from_a_follower() throws Exception {
    var client = trio.connected(trio.a);
    try (var stream = client.on(trio.b).get().sse()) {
      for (int turn = 0; turn < 10; turn++) {
        Trio.send(trio.a, client, "turn " + turn);
        assertThat(next(stream)).isEqualTo("turn " + turn);
        trio.db.sql(
            "update trunkline.control set slot_opened_at = clock_timestamp() - interval '1 day'");
        trio.c.server().sweepOnce();
      }
    }
    assertThat(trio.db.sql("select current_slot from trunkline.control").number()).isNotZero();
  }
}
