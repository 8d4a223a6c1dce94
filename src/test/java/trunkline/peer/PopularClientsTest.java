package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import trunkline.testing.Release;
import trunkline.testing.RoundRobin;
import trunkline.testing.TestCluster;

/// The clients that people use, as they come from npm: each of their requests goes to another of
/// three instances. The page of clients in the documentation says what is run here.
@Tag("peer")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PopularClientsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PIZZA = "2 × LARGE pizza with [OLIVES]";

  private static final String EXECUTOR =
      "select writer_instance from trunkline.calls join trunkline.streams using (stream_id)"
          + " where calls.finished_at is null";

  private final Node node;
  private final TestCluster cluster;
  private RoundRobin balancer;

  PopularClientsTest(TestCluster cluster) throws InterruptedException {
    this.node = Node.withClients();
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    cluster.with("lease", "3s"); // for the one that is killed
    balancer =
        RoundRobin.over(
            List.of(cluster.start("a").url(), cluster.start("b").url(), cluster.start("c").url()));
  }

  @AfterAll
  void end() throws IOException {
    if (balancer != null) {
      balancer.close();
    }
    cluster.close();
  }

  @Test
  void mcp_remote_bridges_everything() throws Exception {
    assertEverything(run("mcp-remote"));
  }

  /// The call goes on elsewhere or ends in one error; the session goes on either way.
  @Test
  void mcp_remote_outlives_the_instance_that_runs_its_call() throws Exception {
    var own = List.of(cluster.start("d"), cluster.start("e"), cluster.start("f"));
    try (var balanced = RoundRobin.over(own.stream().map(TestCluster.Instance::url).toList());
        var script = node.start("clients.mjs", "mcp-remote-killed", balanced.url().toString())) {
      script.awaitLine(line -> line.startsWith("progress"), PATIENCE);
      var executor = cluster.database().sql(EXECUTOR).number();
      own.stream().filter(each -> each.id() == executor).forEach(TestCluster.Instance::kill);

      var seen = script.result(PATIENCE);

      assertThat(seen.has("baked") ^ seen.has("failed")).as("%s", seen).isTrue();
      assertThat(seen.get("sum").asInt()).isEqualTo(42);
      assertThat(seen.get("ordered").asString()).isEqualTo(PIZZA);
    }
  }

  @Test
  void inspector_lists_calls_and_reads() throws Exception {
    var seen = run("inspector");

    assertCalls(seen);
    assertThat(seen.get("city").asString()).startsWith("Climbs seven hills");
  }

  @Test
  void the_ai_sdk_calls_and_asks_its_user() throws Exception {
    var seen = run("ai-sdk");

    assertCalls(seen);
    assertThat(seen.get("ordered").asString()).isEqualTo(PIZZA);
    assertThat(seen.get("asked").toString()).contains("Which pizza for 2?");
    assertThat(seen.get("baked").asString()).isEqualTo("The bread is ready.");
  }

  @Test
  void langchain_makes_its_tools_of_ours() throws Exception {
    var seen = run("langchain");

    assertCalls(seen);
    assertThat(seen.get("baked").asString()).isEqualTo("The bread is ready.");
  }

  @Test
  void openai_agents_call() throws Exception {
    var seen = run("openai");

    assertCalls(seen);
    assertThat(seen.get("baked").asString()).isEqualTo("The bread is ready.");
  }

  @Test
  void supergateway_bridges_calls() throws Exception {
    var seen = run("supergateway");

    assertCalls(seen);
    assertThat(seen.get("baked").asString()).isEqualTo("The bread is ready.");
  }

  /// The official client and a server that it starts, beside the three.
  @Test
  void the_official_client_starts_its_own_instance() throws Exception {
    var db = cluster.database();
    var command = new ArrayList<>(List.of("clients.mjs", "stdio"));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            absoluteClassPath(),
            Release.current().mainClass(),
            "serve",
            "--stdio",
            "--database-url",
            db.url(),
            "--database-user",
            db.user(),
            "--database-password",
            db.password()));
    try (var script =
        node.start(command.getFirst(), command.subList(1, command.size()).toArray(String[]::new))) {
      var seen = script.result(PATIENCE);

      assertEverything(seen);
      assertThat(seen.get("closed").asInt()).as("it need not be killed").isLessThan(4_000);
    }
  }

  /// Its process has another working folder.
  private static String absoluteClassPath() {
    return Stream.of(Release.current().classPath().split(File.pathSeparator, -1))
        .map(part -> Path.of(part).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void assertCalls(JsonNode seen) {
    assertThat(seen.get("tools").toString()).contains("calculate", "order_pizza", "bake");
    assertThat(seen.get("sum").asInt()).isEqualTo(42);
  }

  private static void assertEverything(JsonNode seen) {
    assertCalls(seen);
    assertThat(seen.get("server").asString()).isEqualTo("trunkline");
    assertThat(seen.get("ordered").asString()).isEqualTo(PIZZA);
    assertThat(seen.get("asked").toString()).contains("Which pizza for 2?");
    assertThat(seen.get("baked").asString()).isEqualTo("The bread is ready.");
    assertThat(seen.get("progress").toString()).isEqualTo("[1,2,3,4]");
    assertThat(seen.get("logs").toString()).contains("the oven is on", "the oven is off");
    assertThat(seen.get("updates").toString()).contains("sample://clock");
    assertThat(seen.get("city").asString()).startsWith("Climbs seven hills");
  }

  private JsonNode run(String client) throws InterruptedException {
    try (var script = node.start("clients.mjs", client, balancer.url().toString())) {
      return script.result(PATIENCE);
    }
  }
}
