package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static trunkline.testing.Json.json;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import trunkline.feature.AppView;
import trunkline.feature.AppView.Permission;
import trunkline.feature.Catalog;
import trunkline.feature.ClientCapability;
import trunkline.feature.Meta;
import trunkline.feature.Resource;
import trunkline.feature.ResourceContents;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// Goal: a tool has a page (MCP Apps, 2026-01-26) for the clients that show one, in both eras; a
/// client without pages gets the same tool. What one instance lists the other gives.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AppsAcrossInstancesTest {
  private static final String PAGE = "ui://shop/cart.html";
  private static final String FOLDER = "ui://shop/parts";
  private static final List<ResourceContents> PARTS =
      List.of(
          ResourceContents.text(FOLDER + "/a.html", AppView.MIME_TYPE, "<p>a"),
          ResourceContents.text(FOLDER + "/b.html", AppView.MIME_TYPE, "<p>b")
              .withMeta(Meta.of("ui", "its own").with("stock", "7")));
  private static final String EXTENSION = "/capabilities/extensions/io.modelcontextprotocol~1ui";
  private static final String SHOWS_PAGES =
      json(
          "{'extensions':{'io.modelcontextprotocol/ui':{'mimeTypes':['text/html;profile=mcp-app']}}}");

  private static final JsonNode VIEW =
      Json.of(
          """
          {"csp": {"connectDomains": ["https://api.shop.example"],
                   "resourceDomains": ["https://cdn.shop.example"],
                   "frameDomains": ["https://pay.example"]},
           "permissions": {"camera": {}, "clipboardWrite": {}}, "prefersBorder": false}
          """);

  private final TestCluster cluster;
  private TestCluster.Instance a;
  private TestCluster.Instance b;

  AppsAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  private static final Tool CART =
      Tool.named("show_cart")
          .description("Shows the cart")
          .ui(PAGE)
          .handler((_, context) ->
              ToolResult.text(context.supports(ClientCapability.APPS) ? "on a page" : "in words"));

  @BeforeAll
  void start() {
    var view =
        AppView.PLAIN
            .connectingTo("https://api.shop.example")
            .loadingFrom("https://cdn.shop.example")
            .framing("https://pay.example")
            .asking(Permission.CLIPBOARD_WRITE, Permission.CAMERA)
            .bordered(false);
    cluster.with(
        Catalog.builder()
            .add(
                CART,
                Tool.named("refresh")
                    .description("Reads the cart again")
                    .uiOnly(PAGE)
                    .handler((_, _) -> ToolResult.text("again")),
                Tool.named("pay")
                    .description("Pays on the page")
                    .needs(ClientCapability.APPS)
                    .handler((_, _) -> ToolResult.text("paid")),
                Resource.app(PAGE, view).name("cart").text((_, _) -> "<!DOCTYPE html><p>cart"),
                Resource.app(FOLDER, view).contents((_, _) -> PARTS))
            .build());
    a = cluster.start("a");
    b = cluster.start("b");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static void requirePage(JsonNode tools, JsonNode resources, JsonNode read) {
    assertThat(tools.at("/tools/0/_meta/ui"))
        .isEqualTo(Json.of(json("{'resourceUri':'ui://shop/cart.html'}")));
    assertThat(tools.at("/tools/1/_meta/ui"))
        .isEqualTo(Json.of(json("{'resourceUri':'ui://shop/cart.html','visibility':['app']}")));
    assertThat(resources.at("/resources/0/mimeType").asString()).isEqualTo(AppView.MIME_TYPE);
    assertThat(resources.at("/resources/0/_meta/ui")).isEqualTo(VIEW);
    assertThat(read.at("/contents/0/mimeType").asString()).isEqualTo(AppView.MIME_TYPE);
    assertThat(read.at("/contents/0/_meta/ui")).isEqualTo(VIEW);
    assertThat(read.at("/contents/0/text").asString()).startsWith("<!DOCTYPE html>");
  }

  @Test
  void a_session_that_shows_pages_gets_them() throws InterruptedException {
    try (var client = new McpTestClient()) {
      var opened = client.on(a).connect("2025-11-25", SHOWS_PAGES);

      assertThat(opened.at(EXTENSION).isObject()).isTrue();
      requirePage(
          client.on(b).request("tools/list").result(),
          client.on(a).request("resources/list").result(),
          client.on(b).request("resources/read", json("{'uri':'%s'}", PAGE)).result());
      assertThat(client.on(b).call("show_cart").text()).isEqualTo("on a page");
      assertThat(client.on(b).call("pay").text()).isEqualTo("paid");
    }
  }

  @Test
  void a_client_without_a_session_gets_them() throws InterruptedException {
    try (var client = new StatelessTestClient(SHOWS_PAGES)) {
      assertThat(client.on(a).request("server/discover", "{}").result().at(EXTENSION).isObject())
          .isTrue();
      requirePage(
          client.on(b).request("tools/list", "{}").result(),
          client.on(a).request("resources/list", "{}").result(),
          client.on(b).request("resources/read", json("{'uri':'%s'}", PAGE)).result());
      assertThat(client.on(b).call("show_cart", "{}").text()).isEqualTo("on a page");
    }
  }

  @Test
  void each_part_of_a_page_says_what_it_may_do_unless_it_says_it_itself()
      throws InterruptedException {
    try (var client = new StatelessTestClient(SHOWS_PAGES)) {
      var read = client.on(b).request("resources/read", json("{'uri':'%s'}", FOLDER)).result();

      assertThat(read.at("/contents/0/_meta/ui")).isEqualTo(VIEW);
      assertThat(read.at("/contents/1/_meta"))
          .isEqualTo(Json.of(json("{'ui':'its own','stock':'7'}")));
    }
  }

  @Test
  void a_client_without_pages_has_the_tools_all_the_same() throws InterruptedException {
    try (var client = new McpTestClient();
        var alone = new StatelessTestClient()) {
      var opened = client.on(a).connect("2025-03-26");

      assertThat(opened.path("capabilities").has("extensions")).isFalse();
      assertThat(client.on(b).call("show_cart").text()).isEqualTo("in words");
      assertThat(client.on(b).call("pay").result().path("isError").asBoolean()).isTrue();
      var refused = alone.on(b).call("pay", "{}").error();
      assertThat(refused.path("code").asInt()).isEqualTo(-32021);
      assertThat(refused.at("/data/requiredCapabilities")).isEqualTo(Json.of(SHOWS_PAGES));
    }
  }

  @Test
  void a_page_that_is_not_there_is_said_when_the_catalog_is_built() {
    assertThatThrownBy(() -> Catalog.builder().add(CART).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("show_cart")
        .hasMessageContaining(PAGE);
    for (var uri : List.of("https://shop.example/cart.html", "cart")) {
      assertThatThrownBy(() -> Resource.app(uri, AppView.PLAIN)).hasMessageContaining("ui://");
    }
  }
}
