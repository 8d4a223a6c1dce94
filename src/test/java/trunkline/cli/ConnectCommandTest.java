package trunkline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.welcome.Connecting;

class ConnectCommandTest {
  private static final Map<String, String> NOTHING_SET = Map.of();

  private record Ran(int code, String out, String err) {}

  private static Ran run(Map<String, String> environment, String line) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var code =
        Main.run(
            List.of(line.strip().split(" ", -1)),
            environment,
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));
    return new Ran(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  private static Ran said(String name, String url, boolean isTokenGiven) {
    return new Ran(0, new Connecting(name, URI.create(url), isTokenGiven).text(), "");
  }

  /// The page at `/` shows the same ways, which stands in its own test.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                    | http://127.0.0.1:8080/mcp",
        "--port 8081                                           | http://127.0.0.1:8081/mcp",
        "--host ::1 --port 1                                   | http://[::1]:1/mcp",
        "--host 0.0.0.0                                        | http://127.0.0.1:8080/mcp",
        "--host h.test                                         | http://h.test:8080/mcp",
        "--port 1 --public-url https://mcp.example/mcp         | https://mcp.example/mcp",
        "--public-url https://a.example/mcp --url=http://b/mcp | http://b/mcp",
        "--url https://c.example/mcp                           | https://c.example/mcp",
      })
  void it_says_how_to_reach_the_server_of_these_options(String options, String url) {
    assertThat(run(NOTHING_SET, "connect " + options)).isEqualTo(said("trunkline", url, false));
  }

  @Test
  void over_tls_it_is_https(@TempDir Path folder) throws IOException {
    var pem = Files.writeString(folder.resolve("any.pem"), "read by serve alone");

    assertThat(run(NOTHING_SET, "connect --tls-certificate " + pem + " --tls-key " + pem))
        .isEqualTo(said("trunkline", "https://127.0.0.1:8080/mcp", false));
  }

  @Test
  void it_knows_the_servers_name_and_that_a_token_is_needed() {
    assertThat(run(Map.of("TRUNKLINE_SERVER_NAME", "shop"), "connect --api-keys"))
        .isEqualTo(said("shop", "http://127.0.0.1:8080/mcp", true));
  }

  @Test
  void every_client_and_its_lines_are_printed() {
    var connecting = new Connecting("trunkline", URI.create("http://127.0.0.1:8080/mcp"), false);

    var printed = run(NOTHING_SET, "connect").out();

    assertThat(connecting.ways())
        .allSatisfy(
            way -> assertThat(printed).contains(way.client(), way.where(), way.text().indent(2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mcp.example", "ftp://mcp.example/", "https:///mcp", "https://a%b/"})
  void what_is_no_url_is_refused(String url) {
    assertThat(run(NOTHING_SET, "connect --url=" + url))
        .isEqualTo(
            new Ran(
                2,
                "",
                "trunkline: --url: '" + url + "' is no URL such as https://mcp.example/mcp\n"));
  }

  @Test
  void its_help_names_what_it_takes() {
    assertThat(run(NOTHING_SET, "connect --help").out())
        .startsWith("Usage: ./trunkline connect [OPTION...] [--url=URL]")
        .contains("--public-url", "--port")
        .doesNotContain("--database-url URL");
  }
}
