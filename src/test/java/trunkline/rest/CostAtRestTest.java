package trunkline.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import trunkline.testing.StatementProxy;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Goal: what a cluster does while nobody uses it costs what it finds, not what exists. Method:
/// generated rows of which none is due, idle instances, and `auto_explain`, which tells the plan of
/// everything that they execute, also inside functions, with the rows that each scan has read.
///
/// `-Dtrunkline.rest.seconds=60` measures instead and prints a table, with
/// `-Dtrunkline.rest.instances=10` and `-Dtrunkline.rest.sessions=1000000`, or in the database of
/// `-Dtrunkline.rest.database` on the same server, where the rows are already.
@Tag("cluster")
class CostAtRestTest {
  private static final int SESSIONS = Integer.getInteger("trunkline.rest.sessions", 10_000);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// A page of a walk, and what belongs to its rows. Every table that grows has twice as many.
  private static final int ROWS_MAX = 3_500;

  private static final int BLOCKS_MAX = 5_000;

  /// Everything that idle instances execute, again and again. What is added here is judged below.
  private static final List<String> RECURRING =
      List.of(
          "announcements.after",
          "announcements.trim",
          "baton.take",
          "canary.send",
          "catalog_switches.off",
          "control.advance",
          "control.faults",
          "control.note_id_high",
          "control.slot",
          "instances.beat",
          "instances.forget",
          "instances.observe",
          "operator_actions.forget",
          "operator_actions.tell",
          "outbox.move",
          "pending_requests.close",
          "pending_requests.page",
          "pending_requests.remove",
          "seal_keys.keep",
          "seal_keys.read",
          "session_tally.read",
          "session_tally.write",
          "sessions.forget",
          "sessions.page",
          "sessions.unused",
          "stream_moves.forget",
          "stream_moves.mine",
          "streams.forget",
          "streams.page",
          "streams.release_lost",
          "streams.take_over",
          "streams.unheld",
          "tasks.forget",
          "tasks.take_over",
          "url_elicitations.remove");

  private final Account account = new Account();

  @Test
  void no_recurring_statement_reads_what_merely_exists(TestCluster cluster) throws Exception {
    var db = cluster.database();
    GeneratedRows.insert(db, SESSIONS);
    explainEverything(db, db.name());
    try (var proxy = new StatementProxy(db.url()).onNotice(account::hear)) {
      cluster.with("database-url", proxy.url()).with("sessions-max", "2000000");
      var a = cluster.start("a");
      var _ = cluster.start("b");
      a.server().sweepOnce();
      account.clear(); // what a start does

      a.server().sweepOnce();
      a.server().sweepOnce(); // a whole walk through the sessions
      assertThat(account.await(RECURRING, PATIENCE)).as("executed by nobody").isEmpty();

      var named = new TreeSet<String>();
      account.executed().filter(one -> !one.nested()).forEach(one -> named.add(one.name()));
      assertThat(named).as("what recurs is listed").containsExactlyElementsOf(RECURRING);
      assertThat(account.executed())
          .as("what reads in proportion to what exists")
          .filteredOn(one -> one.rows() > ROWS_MAX || one.blocks() > BLOCKS_MAX)
          .extracting(one ->
              "%s: %d rows, %d blocks, by %s"
                  .formatted(one.name(), one.rows(), one.blocks(), one.plan()))
          .isEmpty();
      cluster.close();
    }
  }

  private static void explainEverything(TestDatabase db, String database) {
    Stream.of(
            "session_preload_libraries = auto_explain",
            "auto_explain.log_min_duration = 0",
            "auto_explain.log_analyze = on",
            "auto_explain.log_timing = off",
            "auto_explain.log_buffers = on",
            "auto_explain.log_nested_statements = on",
            "auto_explain.log_format = json",
            "auto_explain.log_level = notice")
        .forEach(setting -> db.sql("alter database " + database + " set " + setting));
  }

  @Test
  @EnabledIfSystemProperty(named = "trunkline.rest.seconds", matches = "\\d+")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void measure(TestCluster cluster) throws Exception {
    var seconds = Integer.getInteger("trunkline.rest.seconds");
    var db = cluster.database();
    var database = System.getProperty("trunkline.rest.database", db.name());
    if (database.equals(db.name())) {
      GeneratedRows.insert(db, SESSIONS);
    }
    db.sql("alter database " + database + " reset all");
    var url = db.url().replace(db.name(), database);
    try (var proxy = new StatementProxy(url).onNotice(account::hear)) {
      cluster
          .with("database-url", proxy.url())
          .with("sessions-max", "2000000")
          .with("session-idle-timeout", "1d")
          .with("history-age-max", "1d")
          .keeping(_ -> false);
      for (int i = 0; i < Integer.getInteger("trunkline.rest.instances", 2); i++) {
        cluster.start("i" + i);
      }
      rest(db, 45); // the first walk
      var before = processorMillis(db, database);
      rest(db, seconds);
      var spent = processorMillis(db, database) - before;
      System.out.printf("processor: %.2f %% of a core%n", spent / 10.0 / seconds);
      explainEverything(db, database);
      db.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = ?", database);
      rest(db, 30);
      account.clear();
      rest(db, seconds);
      System.out.println(account.table(seconds));
      cluster.close();
    } finally {
      db.sql("alter database " + database + " reset all");
    }
  }

  private static void rest(TestDatabase db, int seconds) {
    db.sql("select pg_sleep(?)", seconds);
  }

  /// Of the server's processes of the database's connections.
  private static double processorMillis(TestDatabase db, String database) {
    return db
        .sql(
            "select pid::text from pg_stat_activity where datname = ? and pid <> pg_backend_pid()",
            database)
        .column()
        .stream()
        .mapToDouble(pid -> ticks(pid) * 10)
        .sum();
  }

  private static long ticks(String pid) {
    try {
      var fields =
          Files.readString(Path.of("/proc", pid, "stat")).replaceFirst(".*\\) ", "").split(" ", -1);
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (IOException e) {
      return 0; // of another machine, or gone
    }
  }
}
