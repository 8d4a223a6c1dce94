package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import trunkline.testing.Json;
import trunkline.testing.RoundRobin;
import trunkline.testing.TestCluster;

/// The TypeScript SDK's second client, which speaks both eras, each of its requests to another of
/// three instances, one of which only polls.
@Tag("peer")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatelessTypeScriptClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Node node;
  private final TestCluster cluster;
  private RoundRobin balancer;

  StatelessTypeScriptClientTest(TestCluster cluster) throws InterruptedException {
    this.node = Node.required();
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    balancer =
        RoundRobin.over(
            List.of(
                cluster.start("a").url(),
                cluster.start("b", "poll-only", "true").url(),
                cluster.start("c").url()));
  }

  @AfterAll
  void end() throws IOException {
    if (balancer != null) {
      balancer.close();
    }
    cluster.close();
  }

  /// The same words in either era, whichever way the client came to it. One that was answered
  /// `server/discover` and sends `initialize` all the same gets its session.
  @ParameterizedTest
  @CsvSource({
    "negotiating, 2026-07-28, server/discover",
    "pinned,      2026-07-28, server/discover",
    "legacy,      2025-11-25, initialize",
    "misled,      2025-11-25, server/discover"
  })
  void does_everything_that_it_can(String scenario, String revision, String opening)
      throws Exception {
    var seen = run(scenario, balancer.url());

    assertThat(seen.get("revision").asString()).isEqualTo(revision);
    assertThat(seen.get("methods").get(0).asString()).isEqualTo(opening);
    assertThat(texts(seen.get("methods")).contains("initialize"))
        .isEqualTo(revision.equals("2025-11-25"));
    assertThat(seen.get("instances")).as("requests went to each").hasSize(3);
    assertThat(seen.get("server").asString()).isEqualTo("trunkline");
    assertThat(texts(seen.get("tools"))).contains("calculate", "bake", "test_custom_header");
    assertThat(texts(seen.get("resources"))).contains("sample://clock", "test://static-text");
    assertThat(texts(seen.get("templates"))).contains("sample://cities/{name}");
    assertThat(texts(seen.get("prompts"))).contains("travel_guide");
    assertThat(seen.get("city").asString()).startsWith("Climbs seven hills");
    assertThat(texts(seen.get("completed"))).containsExactly("Lisbon");
    assertThat(seen.get("computed").asDouble()).isEqualTo(42);
    assertThat(seen.get("summarized").asString()).isEqualTo("shorter: a long story");
    assertThat(seen.get("roots").asString()).isEqualTo("file:///peer");
    assertThat(seen.get("rounds").asString()).isEqualTo("Ada likes Ada");
    assertThat(seen.get("together").asString())
        .isEqualTo("shorter: Generate a greeting (for Ada, with 1 roots)");
    assertThat(seen.get("written").asString()).isEqualTo("Use this context: Ada");
    assertThat(texts(seen.get("asked")))
        .contains(
            "Step 1: What is your name?",
            "Step 2: What is your favorite color?",
            "What context should the prompt use?");
    assertThat(texts(seen.get("progress"))).containsExactly("0", "50", "100");
    assertThat(seen.get("routed").asString()).isEqualTo("Region:  eü");
    assertThat(seen.get("failed").asBoolean()).isTrue();
    assertThat(seen.get("unknown").get("message").asString()).contains("Resource not found");
    assertThat(seen.get("errors")).isEmpty();
  }

  @Test
  void hears_of_changes_made_elsewhere_on_a_stream_for_each() throws Exception {
    var seen = run("listening", balancer.url());

    assertThat(seen.get("honored"))
        .isEqualTo(
            Json.of(
                "[{\"toolsListChanged\":true},{\"resourceSubscriptions\":[\"sample://clock\"]}]"));
    assertThat(seen.get("hidden").asBoolean()).isTrue();
    assertThat(texts(seen.get("updates"))).containsOnly("sample://clock");
    assertThat(seen.get("closed").asString()).isEqualTo("local");
    assertThat(seen.get("errors")).isEmpty();
  }

  @Test
  void follows_tasks_from_instance_to_instance() throws Exception {
    var seen = run("tasks", balancer.url());

    assertThat(texts(seen.get("kinds"))).containsExactly("task", "task", "task");
    assertThat(texts(seen.get("messages"))).containsExactly("Delete a.txt?");
    assertThat(seen.get("deleted").asString()).isEqualTo("Deleted a.txt");
    assertThat(seen.get("cancelled").asString()).isEqualTo("cancelled");
    assertThat(texts(seen.get("asked"))).containsExactly("What is your name?");
    assertThat(seen.get("greeted").asString()).isEqualTo("Hello, Ada!");
    assertThat(seen.get("unknown").get("code").asInt()).isEqualTo(-32602);
    assertThat(seen.get("instances")).hasSize(3);
    assertThat(seen.get("errors")).isEmpty();
  }

  @Test
  void is_told_when_the_instance_that_it_listens_to_leaves() throws Exception {
    var leaving = cluster.start("d");
    try (var script = node.start("stateless.mjs", "draining", leaving.url().toString())) {
      script.awaitLine(line -> line.startsWith("listening"), PATIENCE);
      leaving.close();

      assertThat(script.result(PATIENCE).get("closed").asString()).isEqualTo("graceful");
    }
  }

  private JsonNode run(String scenario, URI url) throws InterruptedException {
    try (var script = node.start("stateless.mjs", scenario, url.toString())) {
      return script.result(PATIENCE);
    }
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
