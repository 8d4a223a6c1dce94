package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import trunkline.catalog.FeatureLoader;
import trunkline.feature.Catalog;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.Json;
import trunkline.testing.Requirement;
import trunkline.testing.RoundRobin;
import trunkline.testing.TestCluster;

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

  private final Node node;

  ConformanceTest() throws InterruptedException {
    node = Node.required();
  }

  @Test
  void every_scenario_passes_in_round_robin_over_three_instances(
      TestCluster cluster, @TempDir Path results) throws Exception {
    passesInRoundRobin(three(cluster.with(FIXTURES)), results);
  }

  @Test
  void every_scenario_passes_over_instances_that_only_poll(
      TestCluster cluster, @TempDir Path results) throws Exception {
    passesInRoundRobin(three(cluster.with(FIXTURES).with("poll-only", "true")), results);
  }

  @Test
  void every_scenario_passes_through_haproxy_as_we_ship_it(
      TestCluster cluster, @TempDir Path folder, @TempDir Path results) throws Exception {
    Requirement.program("haproxy");
    var instances = three(cluster.with(FIXTURES));
    try (var haproxy = HaProxy.before(urls(instances), folder)) {
      run(haproxy.url().toString(), results);
    }
    assertEachServedItsShare(instances);
  }

  @Test
  void every_scenario_passes_on_one_instance(TestCluster cluster, @TempDir Path results)
      throws Exception {
    cluster.with(FIXTURES);
    run(cluster.start("alone").url().toString(), results);
  }

  private static List<TestCluster.Instance> three(TestCluster cluster) {
    return List.of(cluster.start("a"), cluster.start("b"), cluster.start("c"));
  }

  private static List<URI> urls(List<TestCluster.Instance> instances) {
    return instances.stream().map(TestCluster.Instance::url).toList();
  }

  private void passesInRoundRobin(List<TestCluster.Instance> instances, Path results)
      throws Exception {
    try (var balancer = RoundRobin.over(urls(instances))) {
      run(balancer.url().toString(), results);
    }
    assertEachServedItsShare(instances);
  }

  /// By their own account: every request of a session but `initialize` looks it up.
  private static void assertEachServedItsShare(List<TestCluster.Instance> instances) {
    var served =
        instances.stream()
            .map(instance -> instance.events().count(ServerEvent.SessionLookedUp.class))
            .toList();
    var all = served.stream().mapToLong(Number::longValue).sum();
    assertThat(served)
        .as("requests served by each")
        .allSatisfy(own -> assertThat(own.longValue()).isGreaterThan(all / 4));
  }

  private void run(String url, Path results) throws InterruptedException, IOException {
    run(STATEFUL, url, results.resolve("stateful"));
    run(STATELESS, url, results.resolve("stateless"));
  }

  private void run(Requirements required, String url, Path results)
      throws InterruptedException, IOException {
    try (var suite =
        node.start(
            "node_modules/@modelcontextprotocol/conformance/dist/index.js",
            "server",
            "--url",
            url,
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
