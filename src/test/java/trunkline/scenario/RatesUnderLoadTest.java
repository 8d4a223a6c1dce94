package trunkline.scenario;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.telemetry.ServerEvent.RatesAlone;
import trunkline.telemetry.ServerEvent.RatesLeased;
import trunkline.testing.Proxy;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: rates hold when there is more than they allow, when an instance dies and when the database
/// is away. Method: counts, compared with the time that passed by the database's clock.
@Tag("cluster")
class RatesUnderLoadTest {
  private static final Catalog CATALOG =
      Catalog.builder()
          .add(
              Tool.named("knock")
                  .description("Answers at once")
                  .handler((_, _) -> ToolResult.text("come in")))
          .build();

  private final TestCluster cluster;

  RatesUnderLoadTest(TestCluster cluster) {
    this.cluster = cluster.with(CATALOG);
  }

  private double seconds() {
    return Double.parseDouble(
        cluster.database().sql("select extract(epoch from clock_timestamp())::text").text());
  }

  /// How many calls one instance let through, and how many it did not.
  private record Count(int passed, int refused) {
    Count since(Count before) {
      return new Count(passed - before.passed, refused - before.refused);
    }
  }

  /// Calls one instance until it is told to stop, and counts.
  private static final class Load implements Callable<Void> {
    private final Instance at;
    private final AtomicBoolean over;
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final CountDownLatch exhausted = new CountDownLatch(1);

    Load(Instance at, AtomicBoolean over) {
      this.at = at;
      this.over = over;
    }

    @Override
    public Void call() throws Exception {
      try (var client = new StatelessTestClient()) {
        while (!over.get()) {
          if (client.on(at).call("knock", "{}").status() == 200) {
            passed.incrementAndGet();
          } else {
            refused.incrementAndGet();
            exhausted.countDown();
          }
        }
      }
      return null;
    }

    /// Waits until this instance has refused somebody: from then on nothing that is refilled is
    /// lost at a full bucket.
    void awaitRefusal() throws InterruptedException {
      assertThat(exhausted.await(20, SECONDS)).as("more than there is").isTrue();
    }

    Count count() {
      return new Count(passed.get(), refused.get());
    }
  }

  @Test
  void three_instances_let_through_what_is_set_and_none_of_them_starves() throws Exception {
    cluster.with("rate-principal", "60/s:60");
    var instances = List.of(cluster.start("a"), cluster.start("b"), cluster.start("c"));
    var over = new AtomicBoolean();
    var loads = instances.stream().map(instance -> new Load(instance, over)).toList();
    List<Count> counts;
    double allowed;
    try (var threads = Executors.newFixedThreadPool(3)) {
      var running = loads.stream().map(threads::submit).toList();
      try {
        for (var load : loads) {
          load.awaitRefusal();
        }
        var begun = seconds();
        var before = loads.stream().map(Load::count).toList();
        cluster
            .database()
            .await(
                "clock_timestamp() > to_timestamp(%s)".formatted(begun + 6), Trio.FAULT_PATIENCE);
        allowed = 60 * (seconds() - begun);
        counts = new ArrayList<>();
        for (var i = 0; i < loads.size(); i++) {
          counts.add(loads.get(i).count().since(before.get(i)));
        }
      } finally {
        over.set(true);
      }
      for (var each : running) {
        each.get();
      }
    }

    assertThat((double) counts.stream().mapToInt(Count::passed).sum())
        .as("of %s by %s", allowed, counts)
        .isBetween(0.9 * allowed, 1.1 * allowed);
    assertThat(counts)
        .allSatisfy(each -> {
          assertThat(each.refused()).as("more than there is").isPositive();
          assertThat(each.passed()).as("a part").isGreaterThan(20);
        });
  }

  @Test
  void a_thousand_calls_cost_a_few_statements() throws Exception {
    var a = cluster.start("a", "rate-principal", "100000/s", "rate-tool", "knock=50000/s");
    try (var client = new StatelessTestClient()) {
      client.on(a).call("knock", "{}");
      a.events().clear();
      for (var i = 0; i < 2000; i++) {
        assertThat(client.on(a).call("knock", "{}").status()).isEqualTo(200);
      }
    }
    // as many for each second that it took, however fast the machine is
    assertThat(a.events().count(RatesLeased.class)).isLessThan(100);
  }

  @Test
  void an_instance_that_dies_takes_no_more_than_a_portion_with_it() throws Exception {
    cluster.with("rate-principal", "30/d");
    var a = cluster.start("a");
    var b = cluster.start("b");
    var passed = 0;
    try (var client = new StatelessTestClient()) {
      for (var i = 0; i < 10; i++) {
        passed += client.on(a).call("knock", "{}").status() == 200 ? 1 : 0;
      }
      a.kill();
      for (var i = 0; i < 30; i++) {
        passed += client.on(b).call("knock", "{}").status() == 200 ? 1 : 0;
      }
    }

    assertThat(passed).isBetween(29, 30);
  }

  @Test
  void without_the_database_calls_go_on_by_a_share_which_is_taken_off_afterwards()
      throws Exception {
    var url = URI.create(cluster.database().url().substring("jdbc:".length()));
    try (var proxy = new Proxy(url.getHost(), url.getPort());
        var client = new StatelessTestClient()) {
      var through = "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + cluster.database().name();
      var a = cluster.start("a", "database-url", through, "lease", "60s", "rate-principal", "3/d");
      assertThat(client.on(a).call("knock", "{}").status()).isEqualTo(200);
      proxy.refuse();

      assertThat(client.on(a).call("knock", "{}").status()).as("its share").isEqualTo(200);
      assertThat(client.on(a).call("knock", "{}").status()).as("no more").isEqualTo(429);
      a.events().await(RatesAlone.class);
      proxy.heal();
      a.events().clear();
      var passed = 0;
      while (a.events().count(RatesLeased.class) == 0) {
        passed += client.on(a).call("knock", "{}").status() == 200 ? 1 : 0;
      }
      for (var i = 0; i < 5; i++) {
        passed += client.on(a).call("knock", "{}").status() == 200 ? 1 : 0;
      }

      assertThat(passed).as("three in all").isEqualTo(1);
      a.close(); // while the database is there
    }
  }
}
