package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static trunkline.testing.Json.json;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// Goal: a part of the catalog is a server of its own at a path of its own, the same on every
/// instance: its name, its instructions, its features, its sessions.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ToolsetsAcrossInstancesTest {
  private static final String SERVER = "/_meta/io.modelcontextprotocol~1serverInfo/name";

  private final TestCluster cluster;
  private TestCluster.Instance a;
  private TestCluster.Instance b;
  private final StatelessTestClient ada = GuardedFeatures.client("a-token");

  ToolsetsAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster
        .with(GuardedFeatures.catalog())
        .with("tool-timeouts", "admin_tool=1h") // in a toolset alone
        .with("bearer-tokens-file", GuardedFeatures.tokens(folder).toString());
    a = cluster.start("a");
    b = cluster.start("b");
  }

  @AfterAll
  void stop() {
    ada.close();
    cluster.close();
  }

  private static URI at(TestCluster.Instance instance, String path) {
    return URI.create(instance.url() + path);
  }

  private static McpTestClient session() {
    return new McpTestClient().withHeader("Authorization", "Bearer a-token");
  }

  private static List<String> names(JsonNode list) {
    return list.path("tools").valueStream().map(tool -> tool.path("name").asString()).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "'', house, Be kind., locked_tool public_tool secret_tool, true",
    "/, house, Be kind., locked_tool public_tool secret_tool, true",
    "/kitchen, kitchen, Cook., locked_tool public_tool secret_tool, false",
    "/kitchen/, kitchen, Cook., locked_tool public_tool secret_tool, false",
    "/office, house, '', admin_tool public_tool, false",
  })
  void each_has_its_name_its_instructions_and_its_features(
      String path, String name, String instructions, String tools, boolean whole) throws Exception {
    for (var instance : List.of(a, b)) {
      var alone = ada.on(at(instance, path)).request("server/discover", "{}").result();
      assertThat(alone.at(SERVER).asString()).isEqualTo(name);
      assertThat(alone.path("instructions").asString("")).isEqualTo(instructions);
      assertThat(alone.path("capabilities").has("prompts")).isEqualTo(whole);
      assertThat(names(ada.on(at(instance, path)).request("tools/list", "{}").result()))
          .containsExactlyInAnyOrder(tools.split(" ", -1));
      try (var client = session()) {
        var opened = client.on(at(instance, path)).connect("2025-11-25");

        assertThat(opened.at("/serverInfo/name").asString()).isEqualTo(name);
        assertThat(opened.path("instructions").asString("")).isEqualTo(instructions);
        assertThat(names(client.on(at(b, path)).request("tools/list").result()))
            .containsExactlyInAnyOrder(tools.split(" ", -1));
        assertThat(client.on(at(a, path)).call("public_tool").text()).isEqualTo("public");
      }
    }
  }

  @Test
  void what_is_not_in_it_is_unknown_there() throws Exception {
    for (var instance : List.of(a, b)) {
      assertThat(ada.on(at(instance, "/office")).call("secret_tool", "{}").error().path("message"))
          .isEqualTo(Json.of("\"Unknown tool: secret_tool\""));
      assertThat(ada.on(instance).call("admin_tool", "{}").error().path("message"))
          .isEqualTo(Json.of("\"Unknown tool: admin_tool\""));
      assertThat(ada.on(at(instance, "/office")).call("admin_tool", "{}").text())
          .isEqualTo("admin");
      assertThat(ada.on(at(instance, "/office")).request("prompts/list", "{}").status())
          .isEqualTo(404);
    }
  }

  @Test
  void a_session_belongs_to_the_toolset_it_was_opened_with() throws Exception {
    try (var client = session()) {
      client.on(at(a, "/kitchen")).connect("2025-11-25");

      for (var elsewhere : List.of("", "/office")) {
        var refused =
            List.of(
                client.on(at(b, elsewhere)).call("public_tool"),
                client.on(at(b, elsewhere)).get(),
                client.on(at(a, elsewhere)).delete());
        assertThat(refused).extracting(Reply::status).containsOnly(404);
      }
      assertThat(client.on(at(b, "/kitchen")).call("public_tool").text()).isEqualTo("public");
      assertThat(client.on(at(b, "/kitchen")).get().isStream()).isTrue();
      assertThat(client.on(at(b, "/kitchen")).delete().status()).isEqualTo(204);
    }
  }

  @Test
  void a_task_is_the_principals_at_every_path() throws Exception {
    var task = ada.on(at(a, "/kitchen")).call("public_tool", "{}").result();
    var params = json("{'taskId':'%s'}", task.path("taskId").asString());

    assertThat(ada.on(at(b, "/office")).request("tasks/get", params).result().path("taskId"))
        .isEqualTo(task.path("taskId"));
    assertThat(ada.on(b).request("tasks/get", params).result().path("taskId"))
        .isEqualTo(task.path("taskId"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/cellar", "/kitchen/oven", "/Kitchen", "/%6bitchen2", "/.."})
  void an_unknown_one_is_a_404_that_names_none(String path) {
    for (var instance : List.of(a, b)) {
      var refused = ada.on(at(instance, path)).request("tools/list", "{}");

      assertThat(refused.status()).as(path).isEqualTo(404);
      assertThat(refused.body()).contains("\"error\"").doesNotContain("office");
    }
    try (var stranger = new StatelessTestClient()) {
      assertThat(stranger.on(at(a, "/cellar")).request("tools/list", "{}").status()).isEqualTo(401);
    }
  }

  @Test
  void over_http_the_path_says_it_and_not_an_option() {
    assertThatThrownBy(() -> cluster.start("c", "toolset", "kitchen"))
        .hasMessageContaining("--toolset is for --stdio");
  }

  @Test
  void the_query_names_it_as_well() throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      assertThat(tools(http, "?toolset=office")).contains("admin_tool").doesNotContain("secret");
      assertThat(tools(http, "/office?toolset=office")).contains("admin_tool");
      assertThat(tools(http, "/office?toolset=kitchen")).contains("another toolset");
      assertThat(tools(http, "?toolset=cellar")).contains("no such toolset");
    }
  }

  private String tools(HttpClient http, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(at(b, path))
            .header("Authorization", "Bearer a-token")
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", StatelessTestClient.VERSION)
            .header("Mcp-Method", "tools/list")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    json(
                        """
                        {'jsonrpc':'2.0','id':1,'method':'tools/list','params':{'_meta':{
                          'io.modelcontextprotocol/protocolVersion':'2026-07-28',
                          'io.modelcontextprotocol/clientCapabilities':{}}}}
                        """)))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)).body();
  }
}
