package trunkline.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.feature.Catalog;
import trunkline.feature.Description;
import trunkline.feature.FeatureKind;
import trunkline.feature.Implementation;
import trunkline.feature.Prompt;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.welcome.Connecting;

/// Goal: who opens a server's address in a browser reads what it is, what it offers to anybody, and
/// how to connect, on every instance; and no stranger reads more than MCP would tell it.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WelcomeAcrossInstancesTest {
  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final String HOSTILE = "<script>alert(1)</script>\u202Egnp.exe";
  private static final String ENDLESS = "x".repeat(10_000);
  private static final Pattern TOOL = Pattern.compile("<article>\\s*<h3><code>([^<]*)</code>");

  private final TestCluster cluster;
  private TestCluster.Instance a;
  private TestCluster.Instance b;
  private TestCluster.Instance guarded;

  record Hostile(@Description("</code><script>alert(2)</script>\u202E") String word) {}

  WelcomeAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    a = cluster.start("a");
    b = cluster.start("b", "public-url", "https://mcp.example/mcp", "allowed-hosts", "*");
    cluster.with(GuardedFeatures.catalog());
    guarded =
        cluster.start("guarded", "bearer-tokens-file", GuardedFeatures.tokens(folder).toString());
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  /// Head and body, as they came.
  private static String ask(
      TestCluster.Instance at, String method, String path, String host, String accept)
      throws IOException {
    try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), at.url().getPort())) {
      var request =
          "%s %s HTTP/1.1\r\nHost: %s\r\nAccept: %s\r\nConnection: close\r\n\r\n"
              .formatted(method, path, host, accept);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static String page(TestCluster.Instance at) throws IOException {
    return page(at, "/");
  }

  private static String page(TestCluster.Instance at, String path) throws IOException {
    return ask(at, "GET", path, at.url().getAuthority(), BROWSER);
  }

  private static List<String> tools(String page) {
    return TOOL.matcher(page).results().map(found -> found.group(1)).toList();
  }

  private static List<String> listed(TestCluster.Instance at, String path) throws Exception {
    try (var client = new StatelessTestClient("{}")) {
      return client
          .on(URI.create(at.url() + path))
          .request("tools/list", "{}")
          .result()
          .path("tools")
          .valueStream()
          .map(tool -> tool.path("name").asString())
          .toList();
    }
  }

  @Test
  void it_says_what_the_server_is_and_offers() throws Exception {
    for (var instance : List.of(a, b)) {
      assertThat(page(instance))
          .startsWith("HTTP/1.1 200 ")
          .contains("<title>Trunkline</title>", "An MCP server that scales out on PostgreSQL")
          .contains("Adds, subtracts, multiplies or divides two numbers")
          .contains("<dt><code>operation</code>", "\"enum\" : [", "Schema of its answers")
          .contains("<h2 id=\"prompts\">", "<h2 id=\"resources\">", "sample://cities/");
      assertThat(tools(page(instance))).isEqualTo(listed(instance, "")).contains("calculate");
    }
  }

  @Test
  void a_tool_that_is_switched_off_is_gone_from_it_everywhere() throws Exception {
    assertThat(tools(page(b))).contains("shout");
    try {
      a.server().handle().setEnabled(FeatureKind.TOOL, "shout", false);

      assertThat(tools(page(a))).doesNotContain("shout");
      assertThat(tools(page(b))).doesNotContain("shout").isEqualTo(listed(b, ""));
    } finally {
      a.server().handle().setEnabled(FeatureKind.TOOL, "shout", true);
    }
  }

  @Test
  void what_not_everybody_sees_is_not_in_it_and_a_toolset_only_for_who_knows_its_name()
      throws Exception {
    cluster.with(GuardedFeatures.catalog());
    var open = cluster.start("open");

    assertThat(tools(page(open))).isEqualTo(listed(open, "")).doesNotContain("secret_tool");
    assertThat(page(open)).doesNotContain("secret", "admin_tool", "office", "kitchen:bake");
    assertThat(tools(page(open, "/?toolset=office"))).isEqualTo(listed(open, "/office"));
    assertThat(page(open, "/?toolset=office")).contains(open.url() + "/office");
    assertThat(page(open, "/?toolset=cellar")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void where_credentials_are_needed_it_says_so_and_names_nothing() throws Exception {
    for (var path : List.of("/", "/?toolset=office")) {
      assertThat(page(guarded, path))
          .doesNotContain(
              "_tool", "_prompt", "kitchen://", "Says its name", "office alone", "Cook");
    }
    assertThat(page(guarded, "/?toolset=office")).startsWith("HTTP/1.1 404 ");
    assertThat(page(guarded))
        .startsWith("HTTP/1.1 200 ")
        .contains("Credentials are needed", "<title>house</title>", "Bearer YOUR_TOKEN")
        .contains(guarded.url().toString())
        .doesNotContain(", version ");
    assertThat(page(a)).doesNotContain("Credentials are needed", "YOUR_TOKEN");
  }

  @Test
  void what_is_copied_has_the_url_that_was_typed_or_the_public_one() throws Exception {
    var port = a.url().getPort();

    for (var host : List.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port)) {
      var url = URI.create("http://" + host + "/mcp");
      var said = ask(a, "GET", "/", host, BROWSER);
      for (var way : new Connecting("trunkline", url, false).ways()) {
        assertThat(said).contains("<code>" + escaped(way.text()) + "</code>");
      }
    }
    assertThat(page(b))
        .contains("claude mcp add --transport http trunkline https://mcp.example/mcp")
        .doesNotContain("127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({"$(id).evil.example", "evil.example/$(id)", "<b>", "a b", "[::1];id"})
  void what_is_no_host_is_not_said_back(String host) throws Exception {
    var instance = cluster.start("any", "allowed-hosts", "*");

    assertThat(ask(instance, "GET", "/", host, BROWSER))
        .doesNotContain("evil.example", "<b>", "a b/mcp", ";id");
    instance.close();
  }

  @Test
  void a_host_that_is_not_served_gets_no_page() throws Exception {
    assertThat(ask(a, "GET", "/", "evil.example", BROWSER))
        .startsWith("HTTP/1.1 421 ")
        .doesNotContain("calculate");
  }

  @Test
  void a_head_has_the_head_alone() throws Exception {
    var answer = ask(a, "HEAD", "/", a.url().getAuthority(), BROWSER);

    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n").doesNotContain("<html");
    assertThat(answer.toLowerCase(Locale.ROOT))
        .contains("content-type: text/html; charset=utf-8", "vary: accept")
        .doesNotContain("content-length: 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | / | application/json",
        "GET | / | */*",
        "GET | / | text/event-stream",
        "GET | / | text/html;q=0, application/json",
        "POST | / | text/html",
        "DELETE | / | text/html",
        "GET | /index.html | text/html",
      })
  void nothing_else_is_there(String method, String path, String accept) throws Exception {
    assertThat(ask(a, method, path, a.url().getAuthority(), accept))
        .startsWith("HTTP/1.1 404 ")
        .contains("MCP is served at /mcp");
  }

  @Test
  void it_loads_its_style_sheets_alone_and_runs_nothing() throws Exception {
    var page = page(guarded); // where there is no console
    var loaded =
        Pattern.compile("(?:src|href)=\"([^\"]+)\"")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .filter(target -> !target.startsWith("#"))
            .toList();

    assertThat(loaded).containsExactly("data:,", "/welcome/pico.css", "/welcome/welcome.css");
    for (var sheet : loaded.subList(1, 3)) {
      assertThat(ask(guarded, "GET", sheet, guarded.url().getAuthority(), "text/css"))
          .startsWith("HTTP/1.1 200 ")
          .contains("text/css");
    }
    assertThat(page)
        .contains("style-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("<script", "style=", "<style", "unsafe");
    assertThat(ask(guarded, "GET", "/welcome/x", guarded.url().getAuthority(), "text/css"))
        .startsWith("HTTP/1.1 404 ");
  }

  @Test
  void hostile_texts_are_text() throws Exception {
    cluster.with(
        Catalog.builder()
            .server(
                Implementation.of(HOSTILE, HOSTILE)
                    .withTitle(HOSTILE)
                    .withDescription(HOSTILE + ENDLESS))
            .add(
                Tool.named("hostile")
                    .title(HOSTILE)
                    .description(HOSTILE + "\nsecond line " + ENDLESS)
                    .input(Hostile.class)
                    .handler((word, context) -> ToolResult.text(word.word())))
            .add(
                Prompt.named(HOSTILE)
                    .title(ENDLESS)
                    .description(HOSTILE)
                    .handler((arguments, context) -> List.of(PromptMessage.user("x"))))
            .add(
                Resource.at("x:hostile")
                    .title(HOSTILE)
                    .description(HOSTILE)
                    .text((request, context) -> "x"))
            .build());
    var instance = cluster.start("hostile");

    var page = page(instance);

    assertThat(tools(page)).containsExactly("hostile");
    assertThat(page)
        .startsWith("HTTP/1.1 200 ")
        .contains("&lt;script&gt;alert(1)", "&lt;script&gt;alert(2)", "\nsecond line")
        .contains("claude mcp add --transport http script-alert-1-script-gnp-exe http://")
        .doesNotContain("<script", "\u202E");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
