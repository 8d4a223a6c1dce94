package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import trunkline.telemetry.ServerEvent.ApiKeysUnread;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.StatementFault.Refused;
import trunkline.testing.StatementProxy;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: keys cost a call nothing and strangers cost the database little, and an outage of it is no
/// outage of who was let in. Method: a proxy that counts and breaks statements.
@Tag("cluster")
class KeyFaultsTest {
  private static final String FIND = "api_keys.find";
  private static final int CALLS = 1_000;
  private static final int STRANGERS = 800;

  @Test
  void a_call_with_a_key_costs_no_statement(TestCluster cluster, TestReporter report)
      throws Exception {
    try (var proxy = new StatementProxy(cluster.database().url());
        var started = new Killed(start(cluster, proxy))) {
      var a = started.instance();
      try (var client = client(KeyTrio.issue(cluster.database(), "ada"))) {
        call(client, a);
        var before = new HashSet<>(proxy.seen());
        proxy.forget();
        for (var i = 0; i < CALLS; i++) {
          call(client, a);
        }

        // the looks of each second, whatever is called
        report.publishEntry("looks in 1,000 calls", Long.toString(proxy.seen(FIND)));
        assertThat(proxy.seen(FIND)).isLessThan(CALLS / 10);
        var fresh = new HashSet<>(proxy.seen());
        fresh.removeAll(before);
        fresh.removeIf(statement -> proxy.seen(statement) < CALLS / 10);
        assertThat(fresh).isEmpty();
      }
    }
  }

  @Test
  void a_storm_of_strangers_costs_few_statements_and_keeps_nobody_out(
      TestCluster cluster, TestReporter report) throws Exception {
    try (var proxy = new StatementProxy(cluster.database().url());
        var started = new Killed(start(cluster, proxy))) {
      var a = started.instance();
      var key = KeyTrio.issue(cluster.database(), "ada");
      var statuses = new ArrayList<Integer>();
      var from = System.nanoTime();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var storm =
            IntStream.range(0, 40).mapToObj(each -> threads.submit(() -> storm(a, each))).toList();
        try (var ada = client(key)) { // met in the middle of it
          assertThat(ada.on(a).request("tools/list", "{}").status()).isEqualTo(200);
        }
        for (var each : storm) {
          statuses.addAll(each.get());
        }
      }
      var tenths = Duration.ofNanos(System.nanoTime() - from).toMillis() / 100;
      report.publishEntry(
          STRANGERS + " strangers",
          proxy.seen(FIND) + " statements in " + tenths + " tenths of a second");

      assertThat(statuses).hasSize(STRANGERS).containsOnly(401);
      // one in a tenth of a second, and the looks at the one that is good
      assertThat(proxy.seen(FIND)).isLessThanOrEqualTo(2 + tenths + tenths / 5);
    }
  }

  @Test
  void an_outage_keeps_nobody_out_who_was_in_and_calls_no_key_wrong(TestCluster cluster)
      throws Exception {
    try (var proxy = new StatementProxy(cluster.database().url());
        var started = new Killed(start(cluster, proxy))) {
      var a = started.instance();
      var met = KeyTrio.issue(cluster.database(), "ada");
      var unmet = KeyTrio.issue(cluster.database(), "ada");
      try (var ada = client(met);
          var other = client(unmet)) {
        call(ada, a);
        var outage = proxy.arm(FIND, new Refused("57P01"), 1_000);
        a.events().await(ApiKeysUnread.class);

        call(ada, a);
        var refused = other.on(a).request("tools/list", "{}");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isNotBlank();

        outage.close();
        var until = System.nanoTime() + Trio.PATIENCE.toNanos();
        while (other.on(a).request("tools/list", "{}").status() != 200) {
          assertThat(System.nanoTime()).isLessThan(until);
        }
      }
    }
  }

  /// Whose database is gone before it could leave.
  private record Killed(Instance instance) implements AutoCloseable {
    @Override
    public void close() {
      instance.kill();
    }
  }

  private static Instance start(TestCluster cluster, StatementProxy proxy) {
    return cluster
        .with(new ScenarioTools().catalog())
        .start("a", "api-keys", "true", "database-url", proxy.url());
  }

  private static StatelessTestClient client(String key) {
    return new StatelessTestClient().withHeader("Authorization", "Bearer " + key);
  }

  private static void call(StatelessTestClient client, Instance instance)
      throws InterruptedException {
    assertThat(client.on(instance).call("echo", json("{'text':'x'}")).text()).isEqualTo("x");
  }

  /// Fifty keys that nobody has issued.
  private static List<Integer> storm(Instance instance, int number) {
    var statuses = new ArrayList<Integer>();
    try (var client = new StatelessTestClient()) {
      for (var i = 0; i < STRANGERS / 40; i++) {
        var key = "tk_1_%043d".formatted(1_000 * number + i);
        client.withHeader("Authorization", "Bearer " + key);
        statuses.add(client.on(instance).request("tools/list", "{}").status());
      }
    }
    return statuses;
  }
}
