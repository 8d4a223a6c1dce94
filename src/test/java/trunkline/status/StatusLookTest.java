package trunkline.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.status.Status.Living;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.testing.McpTestClient;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: what is there is what is shown. Method: instances with known sessions, streams, calls,
/// questions and tasks; and rows that nobody carries out.
@Tag("cluster")
class StatusLookTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void instances_sessions_streams_calls_questions_and_tasks_are_counted(TestCluster cluster)
      throws Exception {
    var db = cluster.database();
    try (cluster;
        var one = new McpTestClient();
        var other = new McpTestClient()) {
      var a = cluster.start("a");
      var b = cluster.start("b");
      one.on(a.url()).connect("2025-11-25", "{\"elicitation\":{}}");
      other.on(b.url()).connect("2025-11-25", "{}");
      one.on(b.url()).get().sse();
      var call = one.on(a.url()).call("order_pizza", "{}").sse();
      var question = call.nextMessage("elicitation/create");
      db.sql(
          """
          insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis, created_at, expires_at, status)
          values (repeat('a', 32), 'p', repeat('b', 32), 1, 't', '{}', false, 1, 600000, now() - interval '90 s', now() + interval '1 hour', 'working'),
                 (repeat('c', 32), 'p', repeat('b', 32), 1, 't', '{}', false, 1, 600000, now(), now() + interval '1 hour', 'completed')
          """);
      db.await("(select array_agg(streams_held) from trunkline.instances) = '{1,1}'", PATIENCE);
      db.await(
          "(select count(*) from trunkline.instances where wake_mode = 'notify') = 2", PATIENCE);

      var status = StatusLook.take(new Connections(db.settings()));

      assertThat(status.living().orElseThrow())
          .extracting(Living::id, Living::state, Living::wakeMode, Living::streams, Living::calls)
          .containsExactly(
              tuple(a.id(), "ready", "notify", 1L, Optional.of(1L)),
              tuple(b.id(), "ready", "notify", 1L, Optional.of(0L)));
      assertThat(status.sessions()).hasValue(2L);
      assertThat(status.streams()).hasValue(new Status.Streams(2, 1));
      assertThat(status.calls().orElseThrow().number()).isEqualTo(1);
      assertThat(status.questions().orElseThrow().number()).isEqualTo(1);
      assertThat(status.tasks()).hasValue(Map.of("completed", 1L, "working", 1L));
      assertThat(status.oldest().orElseThrow()).startsWith("a task, for 9");
      assertThat(status.space().orElseThrow().slots()).hasSize(8).allMatch(bytes -> bytes > 0);
      assertThat(status.space().orElseThrow().currentSlot()).isPresent();
      assertThat(status.faults()).isEmpty();
      assertThat(status.missing()).isEmpty();

      one.on(b.url()).respond(question, "{\"action\":\"decline\"}");
      call.nextResponse();
      assertThat(StatusLook.take(new Connections(db.settings())).questions().orElseThrow().number())
          .isZero();
    }
  }

  @Test
  void what_waits_and_what_is_silent_catches_the_eye() {
    try (var db = TestDatabase.create()) {
      db.sql(
          """
          insert into trunkline.instances (lease_until, beat_at, wake_mode, url, version)
          values (now() - interval '1 min', now() - interval '70 s', 'polling', 'http://gone', 'x')
          """);
      db.sql("select trunkline.list_changed('tools')");
      db.sql("update trunkline.outbox set created_at = now() - interval '95 s'");

      var status = StatusLook.take(new Connections(db.settings()));

      assertThat(status.faults())
          .hasSize(3)
          .contains("no instance is ready")
          .anySatisfy(fault -> assertThat(fault).matches("instance 1 is silent for 7\\d s"))
          .anySatisfy(fault -> assertThat(fault).matches("nobody carries out .*, for 9\\d s"));
      assertThat(status.oldest().orElseThrow()).startsWith("a row of the outbox, for 9");
    }
  }

  @Test
  void messages_that_no_client_has_are_the_backlog() {
    try (var db = TestDatabase.create()) {
      db.sql(
          """
          insert into trunkline.streams (session_key, standalone, holder_instance, position_own)
          values (1, true, 7, 2), (2, true, null, 0)
          """);
      db.sql(
          """
          insert into trunkline.outbound_messages (stream_id, event_id, slot, payload)
          select s, e, 0, '{}' from generate_series(1, 2) s, generate_series(1, 5) e
          """);

      assertThat(StatusLook.take(new Connections(db.settings())).backlog())
          .hasValue(new Status.Backlog(3, 5));
    }
  }

  @Test
  void who_may_only_read_gets_the_directories_and_hears_what_is_missing() throws SQLException {
    try (var db = TestDatabase.create();
        var roles = new TestRoles(db).apply("reader")) {
      var settings =
          DatabaseSettings.of(
              db.url(),
              db.url(),
              roles.name("trunkline_reader"),
              new Password.Literal(roles.password()),
              4);

      var status = StatusLook.take(new Connections(settings));

      assertThat(status.living()).isPresent();
      assertThat(status.sessions()).hasValue(0L);
      assertThat(status.streams()).isPresent();
      assertThat(status.tasks()).isPresent();
      assertThat(status.space()).isPresent();
      assertThat(status.missing().keySet())
          .containsExactlyInAnyOrder(
              "calls", "questions", "outbox", "backlog", "counters", "current slot");
      assertThat(status.missing().get("calls")).contains("trunkline_app");
    }
  }

  @Test
  void what_is_locked_is_left_out_and_nothing_else(TestDatabase db) throws Exception {
    try (var lock =
        OpenTransaction.on(db, "lock table trunkline.outbox in access exclusive mode")) {
      var status = StatusLook.take(new Connections(db.settings()));

      assertThat(status.missing())
          .as("the size of a locked table is not told either")
          .containsOnlyKeys("outbox", "space");
      assertThat(status.missing().get("outbox")).contains("locked", "2 s");
      assertThat(status.questions()).isPresent();
      assertThat(lock.run("select 1").number()).isOne();
    }
  }

  @Test
  void rates_are_what_happened_between_two_looks(TestDatabase db) {
    var connections = new Connections(db.settings());
    var first = StatusLook.take(connections);
    db.sql("select nextval('trunkline.event_seq') from generate_series(1, 50)");
    var second = StatusLook.take(connections);

    var rates = Rates.between(first, second).orElseThrow();

    var seconds = Duration.between(first.at(), second.at()).toMillis() / 1_000.0;
    assertThat(rates.messages() * seconds).isBetween(48.5, 51.5);
    assertThat(Rates.between(second, first)).isEmpty();
  }
}
