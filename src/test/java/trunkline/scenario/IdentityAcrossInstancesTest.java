package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.Icon;
import trunkline.feature.Implementation;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// Goal: clients of both eras meet the server of whoever built it, by the name that its catalog or
/// its operator gives it, as far as their revision has words for it. The third instance has options
/// for it, the others none.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityAcrossInstancesTest {
  private static final String SERVER = "io.modelcontextprotocol/serverInfo";

  private static final JsonNode WHOLE =
      Json.of(
          """
          {"name": "shop", "version": "2.1", "title": "The shop", "description": "Sells",
           "websiteUrl": "https://shop.example", "icons": [{"src": "https://shop.example/i.png"}]}
          """);

  private final TestCluster cluster;
  private TestCluster.Instance a;
  private TestCluster.Instance b;
  private TestCluster.Instance named;

  IdentityAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    var shop =
        Implementation.of("shop", "2.1")
            .withTitle("The shop")
            .withDescription("Sells")
            .withWebsiteUrl("https://shop.example")
            .withIcon(new Icon("https://shop.example/i.png"));
    cluster.with(
        Catalog.builder()
            .server(shop)
            .server(Implementation.of("second", "9")) // of another provider
            .instructions("Buy something.")
            .add(Tool.named("buy").description("Buys").handler((_, _) -> ToolResult.text("bought")))
            .build());
    var instructions = Files.writeString(folder.resolve("use.txt"), "Buy\nlittle.\n");
    a = cluster.start("a");
    b = cluster.start("b");
    named =
        cluster.start(
            "named",
            "server-name",
            "outlet",
            "server-version",
            "3",
            "server-icon",
            "https://outlet.example/o.png",
            "instructions-file",
            instructions.toString());
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static JsonNode without(JsonNode whole, String... fields) {
    var some = (ObjectNode) whole.deepCopy();
    some.remove(List.of(fields));
    return some;
  }

  @ParameterizedTest
  @CsvSource({
    "2025-03-26, title description websiteUrl icons",
    "2025-06-18, description websiteUrl icons",
    "2025-11-25, ''",
  })
  void a_session_begins_with_it(String revision, String lacking) throws InterruptedException {
    for (var instance : List.of(a, b)) {
      try (var client = new McpTestClient()) {
        var result = client.on(instance).connect(revision);

        assertThat(result.path("serverInfo")).isEqualTo(without(WHOLE, lacking.split(" ", -1)));
        assertThat(result.path("instructions").asString()).isEqualTo("Buy something.");
      }
    }
  }

  @Test
  void without_a_session_each_result_is_signed_and_the_picture_is_in_the_introduction()
      throws InterruptedException {
    try (var client = new StatelessTestClient()) {
      var introduction = client.on(a).request("server/discover", "{}").result();

      assertThat(introduction.path("_meta").path(SERVER)).isEqualTo(WHOLE);
      assertThat(introduction.path("instructions").asString()).isEqualTo("Buy something.");
      for (var result :
          List.of(
              client.on(b).request("tools/list", "{}").result(),
              client.on(a).call("buy", "{}").result())) {
        assertThat(result.path("_meta").path(SERVER)).isEqualTo(without(WHOLE, "icons"));
      }
    }
  }

  @Test
  void the_operator_has_the_last_word() throws InterruptedException {
    try (var client = new StatelessTestClient();
        var session = new McpTestClient()) {
      var introduction = client.on(named).request("server/discover", "{}").result();
      var opened = session.on(named).connect("2025-11-25");

      assertThat(introduction.path("_meta").path(SERVER))
          .isEqualTo(opened.path("serverInfo"))
          .isEqualTo(
              Json.of(
                  WHOLE
                      .toString()
                      .replace("\"shop\"", "\"outlet\"")
                      .replace("\"2.1\"", "\"3\"")
                      .replace("shop.example/i.png", "outlet.example/o.png")));
      assertThat(introduction.path("instructions").asString())
          .isEqualTo(opened.path("instructions").asString())
          .isEqualTo("Buy\nlittle.");
    }
  }
}
