package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Goal: what the former release left in the database goes on under this one: nothing is dropped,
/// nobody is forgotten (G4). Method: a database of the former schema with rows in each table, whose
/// only instance is dead; then an instance of this release, which migrates as it starts.
@Tag("cluster")
class UpgradeWithRowsTest {
  private static final String FORMER = "061";
  private static final String SESSION = "0123456789abcdef0123456789abcdef";
  private static final String TASK = "0000000000000000000000000000000a";

  private static final String TABLES =
      """
      select relname from pg_class
       where relnamespace = 'trunkline'::regnamespace and relkind in ('r', 'p') and not relispartition
         and relname <> 'flyway_schema_history'
      """;

  @Test
  void a_migration_keeps_every_row_and_validates_every_check() throws Exception {
    try (var db = former()) {
      var before = counts(db);
      assertThat(before).allSatisfy((table, rows) -> assertThat(rows).as(table).isPositive());

      db.migratedTo("latest");

      assertThat(counts(db)).containsAllEntriesOf(before);
      assertThat(db.sql("select * from trunkline.broken_checks()").rows()).isEmpty();
      assertThat(
              db.sql(
                      "select conname from pg_constraint where connamespace = 'trunkline'::regnamespace and not convalidated")
                  .column())
          .isEmpty();
    }
  }

  @Test
  void what_the_former_release_left_goes_on() throws Exception {
    try (var db = former();
        var cluster = new TestCluster(db).with("features", "sample").with("lease", "2s");
        var client = new McpTestClient().withSession(SESSION, Trio.REVISION)) {
      var again = place(db, "7");
      var lost = place(db, "8");
      var server = client.on(cluster.start("a"));

      try (var stream = server.get().sse()) {
        var missing =
            new HashSet<>(List.of("kept 1", "kept 2", "kept 3", "announced", "handed in"));
        while (!missing.isEmpty()) {
          missing.remove(stream.nextLog());
        }
      }
      try (var call = server.resume(again).sse()) {
        assertThat(Reply.text(call.nextResponse().path("result"))).isEqualTo("The bread is ready.");
      }
      try (var call = server.resume(lost).sse()) {
        assertThat(call.nextResponse().at("/error/data/reason").asString())
            .isEqualTo("executor_lost");
      }
      assertThat(Reply.text(server.request("tasks/result", json("{'taskId':'%s'}", TASK)).result()))
          .isEqualTo("The bread is ready.");
      assertThat(server.call("list_notes").text()).contains("of the former release");
      assertThat(server.request("tools/list").result().toString())
          .contains(json("'name':'whisper'"))
          .doesNotContain(json("'name':'who_am_i'"));
      db.await(
          "(select outcome = 'abandoned' from trunkline.pending_requests)", Trio.FAULT_PATIENCE);
    }
  }

  private static TestDatabase former() throws IOException, SQLException {
    var db = TestDatabase.createEmpty().migratedTo(FORMER);
    try (var file = UpgradeWithRowsTest.class.getResourceAsStream("/db/former/V061.sql");
        var connection = db.open();
        var statement = connection.createStatement()) {
      statement.execute(
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
    }
    return db;
  }

  private static Map<String, Long> counts(TestDatabase db) {
    var counts = new TreeMap<String, Long>();
    for (var table : db.sql(TABLES).column()) {
      counts.put(table, db.sql("select count(*) from trunkline." + table).number());
    }
    return counts;
  }

  /// What a client that has seen all messages of this call so far brings.
  private static String place(TestDatabase db, String requestId) {
    return db.sql(
            """
            select format('%s.%s.0', stream_id, max(event_id)) from trunkline.calls join trunkline.outbound_messages using (stream_id)
             where request_id = ? group by stream_id
            """,
            requestId)
        .text();
  }
}
