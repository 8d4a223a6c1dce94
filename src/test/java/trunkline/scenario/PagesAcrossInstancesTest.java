package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Catalog;
import trunkline.feature.FeatureKind;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// Goal: a list that comes in pages is one list, each of its pages from another instance.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesAcrossInstancesTest {
  private static final List<String> NAMES = List.of("e", "d", "c", "b", "a");

  private final TestCluster cluster;
  private List<TestCluster.Instance> instances = List.of();

  PagesAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    var catalog = Catalog.builder().pageSize(2);
    for (var name : NAMES) {
      catalog.add(
          Tool.named(name).description("A tool").handler((none, context) -> ToolResult.of()));
    }
    cluster.with(catalog.build());
    instances = List.of(cluster.start("a"), cluster.start("b", "poll-only", "true"));
  }

  @AfterAll
  void stop() {
    cluster.close(); // before the class is searched for threads that it left
  }

  @Test
  void each_page_goes_on_where_the_one_before_ended() throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(instances.getFirst()).connect(Trio.REVISION);

      var first = page(client, 0, "{}");
      assertThat(page(client, 1, json("{'cursor':''}"))).isEqualTo(first);
      assertThat(all(client)).containsExactlyElementsOf(NAMES);
    }
  }

  @Test
  void what_is_switched_off_between_two_pages_skips_nothing_else() throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(instances.getFirst()).connect(Trio.REVISION);
      var first = page(client, 0, "{}");

      instances.getLast().server().handle().setEnabled(FeatureKind.TOOL, "d", false);

      assertThat(names(page(client, 1, cursor(first)))).containsExactly("c", "b");
      instances.getLast().server().handle().setEnabled(FeatureKind.TOOL, "d", true);
      assertThat(all(client)).containsExactlyElementsOf(NAMES);
    }
  }

  private List<String> all(McpTestClient client) throws InterruptedException {
    var seen = new ArrayList<String>();
    var turn = 0;
    var page = page(client, turn, "{}");
    seen.addAll(names(page));
    while (page.has("nextCursor")) {
      turn++;
      page = page(client, turn, cursor(page));
      seen.addAll(names(page));
    }
    return seen;
  }

  private JsonNode page(McpTestClient client, int turn, String params) throws InterruptedException {
    var instance = instances.get(turn % instances.size());
    return client.on(instance).request("tools/list", params).result();
  }

  private static String cursor(JsonNode page) {
    return json("{'cursor':%s}", page.get("nextCursor"));
  }

  private static List<String> names(JsonNode page) {
    return page.get("tools").valueStream().map(tool -> tool.get("name").asString()).toList();
  }
}
