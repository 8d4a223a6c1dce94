package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;

/// What is sent to a client that never reads: kept within the limits of the history, and a client
/// that comes after all is told what it has missed (requirement B5).
@Tag("cluster")
class UnreadStreamsAcrossInstancesTest {

  private static final String KEPT =
      """
      select count(*) from trunkline.outbound_messages m
        join trunkline.streams t using (stream_id) join trunkline.sessions s using (session_key)
       where s.session_id = ?
      """;

  private static final String BELOW_FLOOR =
      """
      select t.trimmed_through > 0 from trunkline.streams t join trunkline.sessions s using (session_key)
       where s.session_id = ? and t.standalone
      """;

  @ParameterizedTest
  @EnumSource(WakeUp.class)
  void the_newest_are_kept_up_to_the_limit(WakeUp wakeUp, TestCluster cluster) throws Exception {
    cluster.with("poll-only", wakeUp.pollOnly()).with("history-messages-max", "5");
    var a = cluster.start("a");
    var b = cluster.start("b");

    try (var client = Trio.connectedTo(a)) {
      for (var i = 1; i <= 8; i++) {
        Trio.send(i % 2 == 0 ? a : b, client, "m" + i);
      }

      try (var stream = client.on(b).get().sse()) {
        requireGap(stream);
        for (var i = 4; i <= 8; i++) {
          assertThat(stream.nextMessage(Trio.PATIENCE).toString()).contains("m" + i);
        }
      }
    }
  }

  /// Nobody claims the stream meanwhile: its floor rises with the slots, whose rows go.
  @ParameterizedTest
  @EnumSource(WakeUp.class)
  void what_is_older_than_the_limit_goes_without_a_reader(WakeUp wakeUp, TestCluster cluster)
      throws Exception {
    cluster.with("poll-only", wakeUp.pollOnly()).with("history-age-max", "1s");
    var a = cluster.start("a");
    var b = cluster.start("b");

    try (var client = Trio.connectedTo(a)) {
      for (var i = 1; i <= 8; i++) {
        Trio.send(i % 2 == 0 ? a : b, client, "m" + i);
      }

      var db = cluster.database();
      var until = System.nanoTime() + Trio.PATIENCE.toNanos();
      while (db.sql(KEPT, client.sessionId()).number() > 0 && System.nanoTime() < until) {
        a.server().sweepOnce();
      }
      assertThat(db.sql(KEPT, client.sessionId()).number()).isZero();
      assertThat(db.sql(BELOW_FLOOR, client.sessionId()).column()).containsExactly("true");

      try (var stream = client.on(b).get().sse()) {
        requireGap(stream);
        Trio.send(a, client, "after the gap");
        assertThat(stream.nextMessage(Trio.PATIENCE).toString()).contains("after the gap");
      }
    }
  }

  /// After a gap it is told to read what it subscribed to again.
  @Test
  void a_gap_says_which_resources_to_read_again(TestCluster cluster) throws Exception {
    cluster.with(new ScenarioTools().catalog()).with("history-messages-max", "5");
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(a)) {
      client.on(a).request("resources/subscribe", json("{'uri':'scenario://weather'}")).result();
      for (var i = 1; i <= 8; i++) {
        Trio.send(a, client, "m" + i);
      }

      try (var stream = client.on(b).get().sse()) {
        requireGap(stream);
        assertThat(
                stream
                    .nextMessage("notifications/resources/updated")
                    .path("params")
                    .path("uri")
                    .asString())
            .isEqualTo("scenario://weather");
        assertThat(stream.nextMessage(Trio.PATIENCE).toString()).contains("m4");
      }
    }
  }

  /// Others' messages go round all slots meanwhile: every row from its time is gone, and it has
  /// missed nothing.
  @ParameterizedTest
  @EnumSource(WakeUp.class)
  void a_quiet_client_is_not_refused_after_a_turn_of_all_slots(WakeUp wakeUp, TestCluster cluster)
      throws Exception {
    cluster.with("poll-only", wakeUp.pollOnly()).with("history-age-max", "1s");
    var a = cluster.start("a");
    var b = cluster.start("b");
    var db = cluster.database();
    try (var quiet = Trio.connectedTo(a);
        var busy = Trio.connectedTo(a)) {
      var stream = quiet.on(a).get().sse();
      Trio.send(b, quiet, "before");
      stream.nextMessage(Trio.PATIENCE);
      var last = stream.requireLastEventId();
      stream.close();

      for (var turns = 0; turns <= 8; turns++) {
        var slot = db.sql("select current_slot from trunkline.control").number();
        var until = System.nanoTime() + Trio.FAULT_PATIENCE.toNanos();
        while (db.sql("select current_slot from trunkline.control").number() == slot) {
          assertThat(System.nanoTime()).as("slots move on").isLessThan(until);
          Trio.send(b, busy, "busy");
          db.sql("update trunkline.control set slot_opened_at = slot_opened_at - interval '1 day'");
          a.server().sweepOnce();
        }
      }
      assertThat(db.sql(KEPT, quiet.sessionId()).number()).isZero();

      try (var resumed = quiet.on(b).resume(last).sse()) {
        Trio.send(a, quiet, "after");
        assertThat(resumed.nextMessage(Trio.PATIENCE).toString()).contains("after");
      }
    }
  }

  private static void requireGap(RawSse stream) throws InterruptedException {
    assertThat(stream.nextMessage(Trio.PATIENCE).path("params").path("level").asString())
        .isEqualTo("warning");
    assertThat(stream.nextMessage("notifications/resources/list_changed")).isNotNull();
    assertThat(stream.nextMessage("notifications/prompts/list_changed")).isNotNull();
  }
}
