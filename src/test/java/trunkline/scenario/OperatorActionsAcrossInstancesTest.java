package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.feature.FeatureKind;
import trunkline.telemetry.ServerEvent.OperatorActed;
import trunkline.testing.EventLog;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Goal: what an operator does is on record and told once; what the product does by itself is not.
@Tag("cluster")
class OperatorActionsAcrossInstancesTest {
  @AutoClose private final TestCluster cluster;
  private final TestDatabase db;

  OperatorActionsAcrossInstancesTest(TestDatabase db) {
    this.cluster = new TestCluster(db).with("poll-only", "true");
    this.db = db;
  }

  @BeforeEach
  void forget() {
    db.sql("truncate trunkline.operator_actions, trunkline.catalog_switches");
  }

  @Test
  void each_action_is_recorded_with_whoever_did_it_and_told_by_one_instance() throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = new McpTestClient()) {
      client.on(a).connect(Trio.REVISION);
      db.sql(
          "insert into trunkline.instances (lease_until, url, version) values (now(), 'http://x', '1')");
      db.sql(
          """
          insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor,
                                       ttl_millis, expires_at)
          values (md5('t'), 'ada', md5('none'), 1, 'bake', '{}', false, ?, 60000, now() + interval '1 hour')
          """,
          a.id());
      var session = client.sessionId();

      assertThat(done("select trunkline.set_enabled('tool', 'say', false)")).isEqualTo(true);
      assertThat(done("select trunkline.cancel_call('" + session + "', '7')")).isEqualTo(true);
      assertThat(done("select trunkline.cancel_task(md5('t'))")).isEqualTo(true);
      db.sql(
          """
          insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline)
          values (77, 1, 1, ?, 1, 'roots/list', '', now() + interval '1 hour')
          """,
          a.id());
      assertThat(done("select trunkline.void_question(77)")).isEqualTo(true);
      assertThat(done("select trunkline.end_session('" + session + "')")).isEqualTo(true);
      assertThat(
              done(
                  "select trunkline.declare_dead((select max(instance_id) from trunkline.instances))"))
          .isEqualTo(true);
      b.server().handle().setEnabled(FeatureKind.TOOL, "say", true);

      awaitTold(7, a, b);
      assertThat(told(a, b).map(OperatorActed::action))
          .containsExactlyInAnyOrder(
              "set_enabled",
              "cancel_call",
              "cancel_task",
              "void_question",
              "end_session",
              "declare_dead",
              "set_enabled");
      assertThat(told(a, b).filter(acted -> acted.action().equals("end_session")))
          .singleElement()
          .satisfies(acted -> {
            assertThat(acted.about()).matches("session \\d+");
            assertThat(acted.by()).isEqualTo(db.user());
            assertThat(acted.application()).isEqualTo("an operator");
          });
      assertThat(db.sql("select about from trunkline.operator_actions").column().toString())
          .as("ids that let somebody in")
          .doesNotContain(session);
    }
  }

  @Test
  void what_changed_nothing_or_was_undone_is_not_recorded() throws SQLException {
    cluster.start("a");
    done("select trunkline.set_enabled('tool', 'say', true)");
    done("select trunkline.end_session('nobody')");
    done("select trunkline.declare_dead(12345)");
    done("select count(*) from trunkline.sweep()");
    done("select trunkline.mend_control()");
    done("select count(*) from trunkline.purge('nobody')");
    try (var connection = db.open()) {
      connection.setAutoCommit(false);
      TestDatabase.run(connection, "select trunkline.set_enabled('tool', 'say', false)");
      connection.rollback();
    }

    assertThat(db.sql("select action from trunkline.operator_actions").column()).isEmpty();
  }

  /// A client's own DELETE and cancel, an instance that dies, sessions that nobody uses.
  @Test
  void what_the_product_does_by_itself_is_not_recorded() throws Exception {
    cluster.with(new ScenarioTools().catalog());
    var a = cluster.start("a", "lease", "1s");
    var b = cluster.start("b", "lease", "1s");
    try (var client = new McpTestClient();
        var other = new McpTestClient()) {
      client.on(a).connect(Trio.REVISION);
      other.on(a).connect(Trio.REVISION);
      client.on(a).notify("notifications/cancelled", json("{'requestId':77,'reason':'enough'}"));
      assertThat(client.on(b).delete().status()).isEqualTo(204);
      db.sql("update trunkline.sessions set last_used_at = now() - interval '9 days'");
      b.kill();
      db.await(
          "exists (select from trunkline.instances where dead_at is not null)", EventLog.PATIENCE);
      a.server().sweepOnce();
    }

    assertThat(db.sql("select action from trunkline.operator_actions").column()).isEmpty();
  }

  /// Nobody was there; the next to come tells it.
  @Test
  void what_was_done_while_no_instance_served_is_told_later() throws Exception {
    done("select trunkline.set_enabled('tool', 'say', false)");

    var a = cluster.start("a");

    assertThat(a.events().await(OperatorActed.class).action()).isEqualTo("set_enabled");
  }

  private @Nullable Object done(String statement) throws SQLException {
    try (var connection = db.open()) {
      TestDatabase.run(connection, "set application_name = 'an operator'");
      return TestDatabase.run(connection, statement).value();
    }
  }

  private void awaitTold(int number, Instance... instances) {
    FaultBooth.await(number + " told", () -> told(instances).count() >= number);
    List.of(instances).forEach(instance -> instance.server().sweepOnce()); // once is enough
    assertThat(told(instances)).hasSize(number);
  }

  private static Stream<OperatorActed> told(Instance... instances) {
    return Stream.of(instances)
        .flatMap(instance -> instance.events().all(OperatorActed.class).stream());
  }
}
