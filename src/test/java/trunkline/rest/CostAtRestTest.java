package trunkline.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import trunkline.telemetry.ServerEvent.AnnouncementsHeard;
import trunkline.telemetry.ServerEvent.CanaryReturned;
import trunkline.telemetry.ServerEvent.InstanceBeat;
import trunkline.telemetry.ServerEvent.InstancesSeen;
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

  /// A page of a walk, once to see where it ends and once for what belongs to its rows. Every table
  /// that grows has twice as many.
  private static final int ROWS_MAX = 5_000;

  private static final int BLOCKS_MAX = 5_000;

  /// Everything that idle instances execute, again and again. What is added here is judged below.
  private static final List<String> RECURRING =
      List.of(
          "announcements.after",
          "announcements.trim",
          "api_keys.forget",
          "audit_slots.keep",
          "baton.take",
          "catalog_switches.read",
          "control.advance",
          "control.faults",
          "control.note_id_high",
          "instance_minutes.forget",
          "instances.beat",
          "instances.forget",
          "instances.look_around",
          "operator_actions.forget",
          "outbox.move",
          "pending_requests.page",
          "rate_buckets.forget",
          "rate_limits.read",
          "seal_keys.keep",
          "seal_keys.read",
          "session_tally.read",
          "session_tally.write",
          "sessions.page",
          "stream_moves.forget",
          "streams.forget",
          "streams.page",
          "tasks.forget",
          "url_elicitations.remove");

  /// Only where no look around does it in time, as on a busy machine.
  private static final Set<String> ON_DOUBT = Set.of("canary.send", "control.slot");

  /// For each interval of a beat, two seconds: three by the heartbeat and the looks around of each
  /// instance, 11 more by the one that sweeps for all, six of them for the outbox.
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final int EACH_MAX = 4;

  private static final int SWEEPER_MAX = 11;
  private static final int BEATS = 12;

  private final Account account = new Account();

  @Test
  void no_recurring_statement_reads_what_merely_exists(TestCluster cluster) throws Exception {
    var db = cluster.database();
    GeneratedRows.insert(db, SESSIONS);
    GeneratedRows.explainEverything(db);
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
      named.removeAll(ON_DOUBT);
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

  /// Goal: nobody adds another poller without saying so. Method: two idle instances while NOTIFY
  /// arrives; what passes on its way to the server while they beat so many times.
  @Test
  void an_idle_instance_asks_little(TestCluster cluster) throws Exception {
    try (var proxy = new StatementProxy(cluster.database().url())) {
      cluster.with("database-url", proxy.url());
      var a = cluster.start("a");
      var b = cluster.start("b");
      a.server().sweepOnce();
      b.server().sweepOnce();
      for (var each : List.of(a, b)) {
        each.events().await(CanaryReturned.class);
        each.events().clear();
        each.events().await(InstanceBeat.class);
      }
      proxy.forget();
      var begun = System.nanoTime(); // a busy machine's beats are late, its other pollers are not

      a.events().clear();
      b.events().clear();
      while (a.events().count(InstanceBeat.class) + b.events().count(InstanceBeat.class) < BEATS) {
        var seen = a.events().count(InstanceBeat.class);
        a.events().await(InstanceBeat.class, _ -> a.events().count(InstanceBeat.class) > seen);
      }
      var counts = new TreeMap<String, Long>();
      proxy.seen().forEach(name -> counts.put(name, proxy.seen(name)));
      var time = Duration.ofNanos(System.nanoTime() - begun);
      var intervals = time.dividedBy(INTERVAL) + 1;
      assertThat(counts.getOrDefault("canary.send", 0L))
          .as("canaries that no look around took along in %s", time)
          .isLessThanOrEqualTo(intervals / 2);
      assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
          .as("statements of two instances in %s: %s", time, counts)
          .isLessThan(intervals * (2 * EACH_MAX + SWEEPER_MAX));
      cluster.close();
    }
  }

  /// A NOTIFY that was lost, while the canary returns: several times, since who rests looks now and
  /// then by itself.
  @Test
  void what_nobody_was_rung_for_is_seen_by_the_next_look(TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    a.events().await(CanaryReturned.class);
    a.events().await(InstancesSeen.class);
    for (int time = 0; time < 4; time++) {
      a.events().clear();
      cluster
          .database()
          .sql(
              """
              insert into trunkline.announcements (id, kind, about, payload)
              select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), 'broadcast', '',
                     '{"jsonrpc":"2.0","method":"notifications/x"}'
              """);
      a.events().await(AnnouncementsHeard.class, _ -> true, Duration.ofSeconds(5));
    }
    cluster.close();
  }

  @Test
  @EnabledIfSystemProperty(named = "trunkline.rest.seconds", matches = "\\d+")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void measure(TestCluster cluster) {
    var seconds = Integer.getInteger("trunkline.rest.seconds");
    var db = cluster.database();
    GeneratedRows.insert(db, SESSIONS);
    db.sql("checkpoint");
    cluster
        .with("sessions-max", "2000000")
        .with("session-idle-timeout", "1d")
        .with("history-age-max", "1d")
        .keeping(_ -> false);
    if (Boolean.getBoolean("trunkline.rest.polling")) {
      cluster.with("poll-only", "true");
    }
    for (int i = 0; i < Integer.getInteger("trunkline.rest.instances", 2); i++) {
      cluster.start("i" + i);
    }
    var ledger = new Ledger(db, db.name());
    rest(db, Integer.getInteger("trunkline.rest.settle", 45)); // the first walk
    for (int round = 0; round < Integer.getInteger("trunkline.rest.rounds", 1); round++) {
      ledger.open();
      rest(db, seconds);
      System.out.println(ledger.close(seconds));
    }
    cluster.close();
  }

  private static void rest(TestDatabase db, int seconds) {
    db.sql("select pg_sleep(?)", seconds);
  }
}
