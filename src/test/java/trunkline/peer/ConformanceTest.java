package trunkline.peer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.catalog.FeatureLoader;
import trunkline.feature.Catalog;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.Json;
import trunkline.testing.Requirement;
import trunkline.testing.RoundRobin;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// The official suite, each of its requests to another instance than the one before: first what a
/// session has, then the requests that stand alone, to the same instances.
///
/// `--requirements` runs the scored scenarios and, unscored, those that came later, are pending or
/// belong to an extension; here all of them have to pass, and a warning is as bad as a failure.
@Tag("peer")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
  private static final Catalog FIXTURES = FeatureLoader.load("conformance");
  private static final Requirements STATEFUL =
      new Requirements(
          "2025-11-25",
          33,
          List.of("server-session-lifecycle", "json-schema-2020-12", "server-sse-polling"));
  private static final Requirements STATELESS =
      new Requirements(
          "2026-07-28",
          50,
          List.of(
              "json-schema-2020-12",
              "http-header-validation",
              "http-custom-header-server-validation",
              "tasks-lifecycle",
              "tasks-capability-negotiation",
              "tasks-wire-fields",
              "tasks-request-state-removal",
              "tasks-mrtr-input",
              "tasks-request-headers",
              "tasks-dispatch-and-envelope",
              "tasks-status-notifications",
              "tasks-required-task-error",
              "tasks-mrtr-composition"));
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  /// What the suite holds a revision to.
  ///
  /// @param scenarios how many there are, so that none is left out unnoticed
  /// @param unscored those that the suite alone would let fail
  private record Requirements(String revision, int scenarios, List<String> unscored) {}

  /// Where the suite meets us.
  enum Placement {
    ONE_INSTANCE,
    ROUND_ROBIN_OVER_THREE,
    THREE_THAT_ONLY_POLL,
    HAPROXY_AS_WE_SHIP_IT
  }

  private final Node node;
  private final ExecutorService suites = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Placement, Future<?>> begun = new EnumMap<>(Placement.class);

  ConformanceTest() throws InterruptedException {
    node = Node.required();
  }

  /// Side by side, each on a database of its own: the suite waits more than it works.
  @BeforeAll
  void begin(@TempDir Path folder) {
    for (var placement : Placement.values()) {
      var database = TestDatabase.create();
      begun.put(
          placement,
          suites.submit(() -> {
            run(placement, database, Files.createDirectory(folder.resolve(placement.name())));
            return null;
          }));
    }
  }

  @AfterAll
  void end() {
    suites.close();
  }

  @ParameterizedTest
  @EnumSource
  void every_scenario_of_both_eras_passes(Placement placement) throws Throwable {
    try {
      requireNonNull(begun.get(placement)).get();
    } catch (ExecutionException e) {
      throw requireNonNull(e.getCause());
    }
  }

  private void run(Placement placement, TestDatabase database, Path folder) throws Exception {
    try (database;
        var cluster = new TestCluster(database)) {
      cluster.with(FIXTURES);
      switch (placement) {
        case ONE_INSTANCE -> run(cluster.start("alone").url(), folder);
        case ROUND_ROBIN_OVER_THREE -> runInRoundRobin(cluster, folder);
        case THREE_THAT_ONLY_POLL -> runInRoundRobin(cluster.with("poll-only", "true"), folder);
        case HAPROXY_AS_WE_SHIP_IT -> {
          Requirement.program("haproxy");
          var instances = three(cluster);
          try (var haproxy = HaProxy.before(urls(instances), folder)) {
            run(haproxy.url(), folder);
          }
          assertEachServedItsShare(instances);
        }
      }
    }
  }

  private static List<TestCluster.Instance> three(TestCluster cluster) {
    return List.of(cluster.start("a"), cluster.start("b"), cluster.start("c"));
  }

  private static List<URI> urls(List<TestCluster.Instance> instances) {
    return instances.stream().map(TestCluster.Instance::url).toList();
  }

  private void runInRoundRobin(TestCluster cluster, Path folder) throws Exception {
    var instances = three(cluster);
    try (var balancer = RoundRobin.over(urls(instances))) {
      run(balancer.url(), folder);
    }
    assertEachServedItsShare(instances);
  }

  /// By their own account: every request of a session but `initialize` looks it up, or remembers
  /// it.
  private static void assertEachServedItsShare(List<TestCluster.Instance> instances) {
    var served =
        instances.stream()
            .map(instance ->
                instance.events().count(ServerEvent.SessionLookedUp.class)
                    + instance.events().all(ServerEvent.SessionsRemembered.class).stream()
                        .mapToLong(ServerEvent.SessionsRemembered::requests)
                        .sum())
            .toList();
    var all = served.stream().mapToLong(Number::longValue).sum();
    assertThat(served)
        .as("requests served by each")
        .allSatisfy(own -> assertThat(own.longValue()).isGreaterThan(all / 4));
  }

  private void run(URI url, Path folder) throws InterruptedException, IOException {
    run(STATEFUL, url, folder.resolve(STATEFUL.revision()));
    run(STATELESS, url, folder.resolve(STATELESS.revision()));
  }

  private void run(Requirements required, URI url, Path results)
      throws InterruptedException, IOException {
    try (var suite =
        node.start(
            "node_modules/@modelcontextprotocol/conformance/dist/index.js",
            "server",
            "--url",
            url.toString(),
            "--requirements",
            required.revision(),
            "--output-dir",
            results.toString())) {
      var exit = suite.awaitExit(PATIENCE);
      var ran = new ArrayList<String>();
      var wrong = new ArrayList<String>();
      try (var scenarios = Files.list(results)) {
        for (var scenario : scenarios.toList()) {
          ran.add(scenario.getFileName().toString());
          wrong.addAll(wrongChecks(scenario));
        }
      }
      assertThat(wrong).isEmpty();
      assertThat(exit).as(suite.text()).isZero();
      assertThat(ran).hasSize(required.scenarios());
      for (var unscored : required.unscored()) {
        assertThat(ran).anyMatch(name -> name.startsWith("server-" + unscored));
      }
    }
  }

  private static List<String> wrongChecks(Path scenario) throws IOException {
    return Json.of(Files.readString(scenario.resolve("checks.json")))
        .valueStream()
        .filter(check -> List.of("FAILURE", "WARNING").contains(check.get("status").asString()))
        .map(check -> scenario.getFileName() + " " + check.toPrettyString())
        .toList();
  }
}
