package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Whoever looks does not touch what serves, and what cannot be read in time is given up.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleBesideServingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int LOOKERS = 6;

  private static final String LOOKING =
      "(select count(*) from pg_stat_activity where datname = current_database() and application_name like '%trunkline-console%')";

  private final TestCluster cluster;
  private final TestDatabase db;
  private TestCluster.Instance a;
  private TestCluster.Instance b;
  private ConsoleServer console;

  ConsoleBesideServingTest(TestCluster cluster) {
    this.cluster = cluster;
    this.db = cluster.database();
  }

  @BeforeAll
  void start() {
    a = cluster.start("a");
    b = cluster.start("b");
    console = ConsoleServer.on(db.settings());
  }

  @AfterAll
  void end() {
    console.close();
    cluster.close();
  }

  /// What operators did is read by the console alone.
  @Test
  void a_page_that_hangs_is_given_up_and_mcp_is_served() throws Exception {
    try (var client = new McpTestClient();
        var operator = db.open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      client.on(a).connect("2025-11-25");
      var key = db.sql("select max(session_key) from trunkline.sessions").number();
      operator.setAutoCommit(false);
      TestDatabase.run(operator, "lock table trunkline.operator_actions in access exclusive mode");
      List<Future<Reply>> pages = new ArrayList<>();
      for (var i = 0; i < LOOKERS; i++) {
        pages.add(threads.submit(() -> console.get("sessions/" + key)));
      }
      db.await(LOOKING + " = 2", PATIENCE);

      assertThat(client.on(b).request("tools/list").result().path("tools")).isNotEmpty();
      var seen = new ArrayList<Long>();
      while (!pages.stream().allMatch(Future::isDone)) {
        seen.add(db.sql("select " + LOOKING).number());
      }
      // for a moment there are two more, whose clients have gone
      assertThat(seen)
          .allMatch(number -> number <= 4)
          .filteredOn(number -> number > 2)
          .hasSizeLessThan(seen.size() / 2);
      for (var page : pages) {
        assertThat(page.get().status()).isEqualTo(503);
        assertThat(page.get().body()).contains("role=\"alert\"").doesNotContain("Exception");
      }

      operator.rollback();
      assertThat(console.get("sessions/" + key).status()).isEqualTo(200);
    }
  }

  /// There others than this machine's people may be meant.
  @Test
  void with_a_database_of_one_s_own_there_is_none() {
    try (var client = new McpTestClient()) {
      assertThat(client.on(a.url().resolve(Console.PATH)).raw("GET", new byte[0]).status())
          .isEqualTo(404);
    }
  }

  @Test
  void no_connection_is_kept_for_long_after_a_look() {
    for (var path : console.pages(List.of())) {
      assertThat(console.get(path).status()).as(path).isIn(200, 404);
    }

    db.await(LOOKING + " = 0", PATIENCE);
  }
}
