package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static trunkline.testing.Json.json;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.store.StatementRefused;
import trunkline.testing.EventLog;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Goal: nothing of a person is left after a purge, and nobody else notices. Method: two people use
/// everything there is; one is purged while a call of hers runs on one instance and her stream is
/// open on another. Then every text and every payload of every table is searched for what she said.
@Tag("cluster")
class PurgeAcrossInstancesTest {
  private static final String SECRET = "Adas-secret";

  private static final String[] TRUST = {
    "trusted-principal-header", "X-Forwarded-User", "trusted-proxies", "127.0.0.0/8"
  };

  private final TestDatabase db;
  private final ScenarioTools tools = new ScenarioTools();
  private final Instance a;
  private final Instance b;

  PurgeAcrossInstancesTest(TestCluster cluster) {
    cluster.with(tools.catalog());
    this.db = cluster.database();
    this.a = cluster.start("a", TRUST);
    this.b = cluster.start("b", TRUST);
  }

  @Test
  void nothing_of_a_person_is_left_and_nobody_else_notices() throws Exception {
    try (var ada = user("ada");
        var bob = user("bob")) {
      var heard = bob.on(b).get().sse();
      var hers = ada.on(b).get().sse();
      var gate = leaveTraces(ada);

      var purged = b.server().purge("ada");

      assertThat(purged.left()).isZero();
      assertThat(purged.removed())
          .containsEntry("sessions ended", 1)
          .containsEntry("sessions", 1)
          .containsEntry("session_values", 1)
          .containsEntry("subscriptions", 1)
          .containsEntry("tasks cancelled", 1)
          .containsEntry("tasks", 2)
          .containsEntry("task_inputs", 1)
          .containsEntry("url_elicitations", 1)
          .containsEntry("calls", 1);
      assertThat(purged.removed().get("outbound_messages")).isPositive();
      assertThat(tablesWith(SECRET)).isEmpty();
      assertThat(tablesWith("ada")).isEmpty();
      hers.awaitEnd(Trio.PATIENCE);
      assertThat(ada.on(a).request("ping").status()).isEqualTo(404);
      tools.gate(gate).awaitInterrupted();

      assertThat(b.server().purge("ada").removed().values()).as("again").containsOnly(0);
      db.sql("select trunkline.broadcast(?)", note("still-there"));
      assertThat(heard.nextMessage("notifications/message").toString()).contains("still-there");
      assertThat(bob.on(a).request("ping").status()).isEqualTo(200);
    }
  }

  /// One step by hand, and by itself no more than it was told.
  @Test
  void a_step_removes_no_more_than_it_was_told() throws Exception {
    try (var one = user("eve");
        var two = user("eve")) {
      assertThat(db.sql("select removed from trunkline.purge('eve', 1)").column())
          .startsWith("1")
          .endsWith("2");
      assertThat(one.on(a).request("ping").status() + two.on(a).request("ping").status())
          .isEqualTo(404 + 200);

      db.sql("update trunkline.sessions set ended_at = ended_at - interval '1 minute'");
      assertThat(
              db.sql("select removed from trunkline.purge('eve', 1) where what = 'sessions'")
                  .number())
          .isOne();
      assertThat(b.server().purge("eve").left()).isZero();
    }
  }

  @Test
  void everybody_is_no_person() {
    assertThatThrownBy(() -> a.server().purge("anonymous"))
        .isInstanceOf(StatementRefused.class)
        .hasMessageContaining("no person");
  }

  /// Something of everything, and a call that runs.
  private String leaveTraces(McpTestClient ada) throws InterruptedException {
    var gate = SECRET + UUID.randomUUID();
    ada.on(b).request("resources/subscribe", json("{'uri':'scenario://weather'}")).result();
    ada.on(a).call("wait_silently", Trio.named(gate)).sse();
    tools.gate(gate).awaitBegun();
    for (var i = 0; i < 3; i++) {
      db.sql("select trunkline.send(?, ?)", ada.sessionId(), note(SECRET));
    }
    db.await(
        "3 <= (select count(*) from trunkline.outbound_messages where position('%s' in convert_from(payload, 'UTF8')) > 0)"
            .formatted(SECRET),
        EventLog.PATIENCE);
    db.sql(
        "insert into trunkline.session_values select session_key, 'note', ? from trunkline.sessions where principal = 'ada'",
        SECRET);
    db.sql(
        """
        insert into trunkline.url_elicitations (elicitation_id, session_key, principal, expires_at)
        select md5('e'), session_key, principal, clock_timestamp() + interval '1 hour' from trunkline.sessions
         where principal = 'ada'
        """);
    db.sql(
        """
        with t as (
               insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor,
                                            status, outcome, ttl_millis, expires_at)
               select md5(x), 'ada', session_id, 1, 'bake', convert_to('{"x":"' || ? || '"}', 'UTF8'), false, ?::int, x,
                      convert_to('"' || ? || '"', 'UTF8'), 3600000, clock_timestamp() + interval '1 hour'
                 from trunkline.sessions cross join unnest(array['working', 'completed']) x where principal = 'ada'
               returning task_key, status)
        insert into trunkline.task_inputs (task_key, ordinal, run, method, params, digest, deadline)
        select task_key, 1, 1, 'roots/list', convert_to(?, 'UTF8'), '', clock_timestamp() from t where status = 'completed'
        """,
        SECRET,
        a.id(),
        SECRET,
        SECRET);
    return gate;
  }

  private McpTestClient user(String name) throws InterruptedException {
    var client = new McpTestClient().withHeader("X-Forwarded-User", name);
    client.on(a).connect(Trio.REVISION);
    return client;
  }

  private static String note(String text) {
    return json(
        "{'jsonrpc':'2.0','method':'notifications/message','params':{'level':'info','data':'%s'}}",
        text);
  }

  /// The tables of which a row, as text or as bytes, has these words.
  private List<String> tablesWith(String words) {
    return db
        .sql(
            "select relname from pg_class where relnamespace = 'trunkline'::regnamespace and relkind = 'r'")
        .column()
        .stream()
        .filter(table ->
            db.sql(
                        """
                        select count(*) from trunkline.%1$s r
                         where position('%2$s' in r::text) > 0
                            or position(encode(convert_to('%2$s', 'UTF8'), 'hex') in r::text) > 0
                        """
                            .formatted(table, words))
                    .number()
                > 0)
        .toList();
  }
}
