package trunkline.welcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConnectingTest {
  private static final URI URL = URI.create("https://mcp.example/mcp");

  private static String text(Connecting connecting, String client) {
    return connecting.ways().stream()
        .filter(way -> way.client().equals(client))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private static JsonNode json(Connecting connecting, String client) {
    return new JsonMapper().readTree(text(connecting, client));
  }

  private static Connecting to(String url, boolean isTokenGiven) {
    return new Connecting("Trunkline", URI.create(url), isTokenGiven);
  }

  @Test
  void each_client_is_told_in_about_five_lines_with_the_url() {
    for (var connecting : Stream.of(to(URL.toString(), false), to(URL.toString(), true)).toList()) {
      assertThat(connecting.ways())
          .extracting(Way::client)
          .containsExactly(
              "Claude Code",
              "VS Code",
              "Cursor",
              "Inspector",
              "mcp-remote",
              "TypeScript SDK",
              "Java SDK");
      assertThat(connecting.ways())
          .allSatisfy(way -> assertThat(way.text().lines().count()).isBetween(1L, 6L))
          .allSatisfy(way -> assertThat(way.text()).contains("mcp.example", "/mcp"))
          .allSatisfy(way ->
              assertThat(way.text().contains("Bearer YOUR_TOKEN"))
                  .isEqualTo(connecting.isTokenGiven()));
    }
  }

  @Test
  void files_of_clients_are_json_as_they_read_it() {
    assertThat(json(to(URL.toString(), false), "VS Code"))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"servers": {"trunkline": {"type": "http", "url": "https://mcp.example/mcp"}}}
                    """));
    assertThat(json(to(URL.toString(), true), "Cursor").at("/mcpServers/trunkline"))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"url": "https://mcp.example/mcp", "headers": {"Authorization": "Bearer YOUR_TOKEN"}}
                    """));
    assertThat(json(to(URL.toString(), true), "mcp-remote").at("/mcpServers/trunkline"))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"command": "npx", "args": ["-y", "mcp-remote", "https://mcp.example/mcp",
                     "--header", "Authorization:${AUTH}"], "env": {"AUTH": "Bearer YOUR_TOKEN"}}
                    """));
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080/mcp, false",
    "http://localhost/mcp, false",
    "https://mcp.example/mcp, false",
    "http://mcp.example/mcp, true",
    "http://10.0.0.1:8080/mcp, true",
  })
  void mcp_remote_is_told_that_http_is_meant(String url, boolean told) {
    assertThat(text(to(url, false), "mcp-remote").contains("\"--allow-http\"")).isEqualTo(told);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://mcp.example/mcp?a=1&b=2",
        "https://mcp.example/$(id)",
        "https://mcp.example/;id",
        "https://mcp.example/a'b",
      })
  void a_shell_reads_the_url_as_text(String url) {
    for (var client : Stream.of("Claude Code", "Inspector").toList()) {
      assertThat(text(to(url, false), client)).contains("'" + url.replace("'", "%27") + "'");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "The shop, the-shop",
    "$(id), id",
    "<script>, script",
    "'', server",
    "ж, server",
    "-x-, x",
  })
  void the_name_is_one_that_clients_take(String name, String taken) {
    assertThat(new Connecting(name, URL, false).name()).isEqualTo(taken);
  }

  @Test
  void the_java_sdk_is_told_server_and_endpoint() {
    assertThat(text(to("http://127.0.0.1:8080/mcp/kitchen", false), "Java SDK"))
        .contains("builder(\"http://127.0.0.1:8080\").endpoint(\"/mcp/kitchen\").build()");
  }
}
