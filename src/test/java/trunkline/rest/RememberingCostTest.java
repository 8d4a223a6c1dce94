package trunkline.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import trunkline.telemetry.ServerEvent;
import trunkline.telemetry.ServerEvent.SessionsRemembered;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: what it saves and costs that instances remember sessions. Method: two instances in this
/// process, calls that alternate between them, and DELETEs; printed, with
/// `-Dtrunkline.remembering=measure`, on a machine that does nothing else.
@Tag("cluster")
@EnabledIfSystemProperty(named = "trunkline.remembering", matches = "measure")
class RememberingCostTest {
  private static final String REVISION = "2025-11-25";
  private static final int CALLS = 3_000;
  private static final int DELETES = 40;
  private static final String ECHO = "{\"text\":\"hi\"}";

  @Test
  void looked_up_or_remembered(TestCluster cluster) throws Exception {
    cluster.keeping(ServerEvent.SessionsRemembered.class::isInstance);
    for (var cache : List.of("false", "true", "false", "true")) {
      var instances =
          List.of(
              cluster.start("a", "session-cache", cache),
              cluster.start("b", "session-cache", cache));
      try (var client = connected(instances.getFirst())) {
        calls(client, instances, CALLS); // warm
        var before = commits(cluster);
        var one = calls(client, instances, CALLS);
        var statements = commits(cluster) - before;
        before = commits(cluster);
        var many = crowd(client, instances);
        statements += commits(cluster) - before;
        System.out.printf(
            "remembering, cache %s: one connection p50 %d us p99 %d us; 32: %d calls/s; commits a call %.3f%n",
            cache,
            one.get(one.size() / 2) / 1_000,
            one.get(one.size() * 99 / 100) / 1_000,
            many,
            statements / (double) (CALLS + 32 * CALLS / 4));
      }
      instances.forEach(Instance::close);
    }
  }

  @Test
  void a_delete_by_notify(TestCluster cluster) throws Exception {
    deletes(cluster, "by NOTIFY");
  }

  @Test
  void a_delete_by_polls(TestCluster cluster) throws Exception {
    cluster.with("poll-only", "true");
    deletes(cluster, "by polls");
  }

  @Test
  void a_delete_looked_up(TestCluster cluster) throws Exception {
    cluster.with("session-cache", "false");
    deletes(cluster, "looked up");
  }

  @Test
  void a_delete_beside_a_frozen_one(TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    var b = cluster.startProcess("b");
    var times = new ArrayList<Long>();
    for (var i = 0; i < 5; i++) {
      try (var client = connected(a)) {
        for (var j = 0; j < 500; j++) {
          client.on(b).request("ping");
        }
        b.freeze();
        var begun = System.nanoTime();
        client.on(a).delete();
        times.add(System.nanoTime() - begun);
        b.thaw();
      }
    }
    System.out.printf("remembering, DELETE beside a frozen instance: %s%n", milliseconds(times));
  }

  private static void deletes(TestCluster cluster, String how) throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    var times = new ArrayList<Long>();
    try (var busy = connected(a)) {
      calls(busy, List.of(a, b), 1_000);
      for (var i = 0; i < DELETES; i++) {
        try (var client = connected(a)) {
          calls(busy, List.of(a, b), 100); // so that both remember
          var begun = System.nanoTime();
          client.on(a).delete();
          times.add(System.nanoTime() - begun);
        }
      }
      var remembered = a.events().count(SessionsRemembered.class);
      System.out.printf(
          "remembering, DELETE %s: %s (remembering: %d)%n", how, milliseconds(times), remembered);
    }
  }

  private static McpTestClient connected(Instance instance) throws InterruptedException {
    var client = new McpTestClient();
    client.on(instance).connect(REVISION, "{}");
    return client;
  }

  private static List<Long> calls(McpTestClient client, List<Instance> instances, int number) {
    var times = new ArrayList<Long>();
    for (var i = 0; i < number; i++) {
      var begun = System.nanoTime();
      var status = client.on(instances.get(i % instances.size())).call("echo", ECHO).status();
      times.add(System.nanoTime() - begun);
      assertThat(status).isEqualTo(200);
    }
    times.sort(Long::compare);
    return times;
  }

  private static long crowd(McpTestClient client, List<Instance> instances) throws Exception {
    var done = new LongAdder();
    var threads = new ArrayList<Thread>();
    var begun = System.nanoTime();
    for (var t = 0; t < 32; t++) {
      threads.add(
          Thread.startVirtualThread(() -> done.add(calls(client, instances, CALLS / 4).size())));
    }
    for (var thread : threads) {
      thread.join();
    }
    return done.sum() * 1_000_000_000L / (System.nanoTime() - begun);
  }

  private static long commits(TestCluster cluster) {
    var db = cluster.database();
    return db.sql(
            "select sum(xact_commit)::bigint from pg_stat_database where datname = ?", db.name())
        .number();
  }

  private static String milliseconds(List<Long> nanos) {
    var sorted = nanos.stream().sorted().toList();
    return "median %.1f ms, longest %.1f ms of %d"
        .formatted(sorted.get(sorted.size() / 2) / 1e6, sorted.getLast() / 1e6, sorted.size());
  }
}
