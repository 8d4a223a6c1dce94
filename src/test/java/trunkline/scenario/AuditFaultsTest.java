package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent.AuditDelayed;
import trunkline.telemetry.ServerEvent.AuditWritten;
import trunkline.testing.EventLog;
import trunkline.testing.OpenTransaction;
import trunkline.testing.Reply;
import trunkline.testing.Running;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Goal: what is lost of the record is what was promised: with `--audit on` the latest of an
/// instance that is killed, with `strict` nothing that anybody had an answer to; and a record that
/// cannot be written delays nobody who does without. Method: instances killed at random points of a
/// load, and a locked table.
@Tag("cluster")
class AuditFaultsTest {
  private static final String SAID = json("{'said':'x'}");

  private final TestCluster cluster;
  private final TestDatabase db;

  AuditFaultsTest(TestCluster cluster) {
    this.cluster = cluster.with(new AuditTools().catalog());
    this.db = cluster.database();
  }

  @Test
  void strict_loses_nothing_that_was_answered() throws Exception {
    for (var round = 0; round < 3; round++) {
      var answered = new ConcurrentLinkedQueue<String>();
      var instance = cluster.start("strict " + round, "audit", "strict");
      var enough = ThreadLocalRandom.current().nextInt(40, 160);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var i = 0; i < 6; i++) {
          threads.execute(() -> callUntilKilled(instance, answered));
        }
        FaultBooth.await(enough + " answers", () -> answered.size() >= enough);
        instance.kill();
      }

      var missing = new HashSet<>(answered);
      missing.removeAll(db.sql("select trace from trunkline.audit_records").column());
      assertThat(missing).as("of %d that were answered", answered.size()).isEmpty();
    }
  }

  private static void callUntilKilled(Instance instance, Queue<String> answered) {
    try (var client = new StatelessTestClient()) {
      while (true) {
        var trace = trace();
        var reply = call(client, instance, trace);
        if (reply.status() != 200) {
          return;
        }
        if (reply.body().contains("said x")) {
          answered.add(trace);
        }
      }
    } catch (RuntimeException | AssertionError e) {
      // killed
    }
  }

  /// In the order of their ends, so what is missing is the end of what was done.
  @Test
  void a_process_that_is_killed_loses_its_latest_records_alone() {
    var process = cluster.startProcess("killed", "audit", "on");
    var answered = new ArrayList<String>();
    try (var client = new StatelessTestClient()) {
      while (answered.size() < 30 || stored().isEmpty()) {
        var trace = trace();
        assertThat(
                client.on(process).call("show_menu", "{}", "traceparent", parent(trace)).status())
            .isEqualTo(200);
        answered.add(trace);
      }
      process.kill();
    }

    var stored = stored();
    assertThat(stored).isNotEmpty().isEqualTo(answered.subList(0, stored.size()));
    assertThat(
            db.sql(
                    """
                    select bool_and(w.written_through = n.newest and n.newest = n.rows) from trunkline.audit_writers w
                      join (select writer, max(number) as newest, count(*) as rows from trunkline.audit_records group by writer) n using (writer)
                    """)
                .value())
        .as("no number is missing in between")
        .isEqualTo(true);
  }

  private List<String> stored() {
    return db.sql(
            "select trace from trunkline.audit_records where name = 'show_menu' order by number")
        .column();
  }

  @Test
  void a_record_that_cannot_be_written_delays_nobody_but_those_who_want_it() throws Exception {
    var on = cluster.start("on", "audit", "on");
    var strict = cluster.start("strict", "audit", "strict");
    var traces = new ArrayList<String>();
    try (var client = new StatelessTestClient();
        var lock =
            OpenTransaction.on(db, "lock table trunkline.audit_records in access exclusive mode")) {
      for (var i = 0; i < 20; i++) {
        traces.add(trace());
        assertThat(call(client, on, traces.getLast()).body()).contains("said x");
      }
      on.events().await(AuditDelayed.class);

      traces.add(trace());
      var withheld = call(client, strict, traces.getLast());
      assertThat(withheld.error().toString())
          .contains("was carried out", "\"reason\":\"unrecorded\"")
          .doesNotContain("said x");
      var refused = call(client, strict, trace());
      assertThat(refused.status()).as(refused.body()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isNotNull();
      assertThat(client.on(strict).request("tools/list", "{}").status())
          .as("what is not recorded")
          .isEqualTo(200);
      lock.commit();

      FaultBooth.await("served again", () -> call(client, strict, trace()).status() == 200);
    }
    for (var trace : traces) {
      db.await(
          "exists (select from trunkline.audit where trace = '%s' and outcome = 'ok')"
              .formatted(trace),
          EventLog.PATIENCE);
    }
  }

  /// However many calls: a statement in half a second, beside them.
  @Test
  void a_thousand_calls_cost_a_few_statements() {
    var instance = cluster.start("counted", "audit", "on");
    try (var client = new StatelessTestClient()) {
      for (var i = 0; i < 1000; i++) {
        assertThat(call(client, instance, trace()).status()).isEqualTo(200);
      }
    }
    instance.close();
    var written = instance.events().all(AuditWritten.class);

    assertThat(written.stream().mapToInt(each -> each.records()).sum()).isEqualTo(1000);
    assertThat(written).hasSizeLessThan(500);
  }

  private static Reply call(StatelessTestClient client, Running instance, String trace) {
    return client.on(instance).call("say", SAID, "traceparent", parent(trace));
  }

  private static String trace() {
    var bytes = new byte[16];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String parent(String trace) {
    return "00-" + trace + "-00f067aa0ba902b7-01";
  }
}
