package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.embedded.EmbeddedPostgres;
import trunkline.testing.McpTestClient;

/// Goal: `serve` does what the README's first screen says. Method: real processes on a fresh
/// folder.
@Tag("cluster")
class ServeTest {
  private static final Pattern READY =
      Pattern.compile(
          "Trunkline ready: (http://127\\.0\\.0\\.1:[0-9]+/mcp) \\(instance ([0-9]+), PostgreSQL 18\\..*\\)");
  private static final Pattern JDBC =
      Pattern.compile("jdbc:postgresql://127\\.0\\.0\\.1:[0-9]+/trunkline");

  private final List<Process> processes = new ArrayList<>();
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("trunkline-serve");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void removeFolder() throws IOException, InterruptedException {
    for (var process : processes) {
      process.destroyForcibly().waitFor();
    }
    EmbeddedPostgres.stop(folder.resolve("data").resolve("postgres"));
    try (Stream<Path> paths = Files.walk(folder)) {
      for (var path : paths.toList().reversed()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void two_at_once_share_a_database_that_goes_with_the_last_one() throws Exception {
    var first = serve("--port", "0");
    var second = serve("--port", "0");

    var greetings = List.of(greeting(first), greeting(second));

    assertThat(greetings).extracting(text -> group(READY, text, 1)).doesNotHaveDuplicates();
    assertThat(greetings)
        .extracting(text -> group(READY, text, 2))
        .containsExactlyInAnyOrder("1", "2");
    assertThat(greetings)
        .extracting(text -> group(JDBC, text, 0))
        .containsOnly(group(JDBC, greetings.getFirst(), 0));
    assertThat(greetings)
        .allMatch(text -> text.contains("claude mcp add") && !text.contains(password()));
    greetings.forEach(text -> requireConsole(URI.create(group(READY, text, 1))));

    first.destroy();
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).isZero();
    assertThat(pidFile()).exists();

    second.destroy();
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isZero();
    assertThat(pidFile()).doesNotExist();
  }

  /// Each shows both, to whoever sits at this machine.
  private static void requireConsole(URI instance) {
    try (var client = new McpTestClient()) {
      var page = client.on(instance.resolve("/console/")).raw("GET", new byte[0]);

      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains("instances/1\">1</a></th>", "instances/2\">2</a></th>");
    }
  }

  @Test
  void a_further_signal_skips_the_delay() throws Exception {
    var process = serve("--port", "0", "--drain-delay", "10m");
    var url = URI.create(group(READY, greeting(process), 1));

    process.destroy();
    awaitNotReady(url.resolve("/observe/health/ready"));
    try (var client = new McpTestClient()) { // served on
      client.on(url).connect("2025-11-25");
    }
    assertThat(process.isAlive()).isTrue();

    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private static void awaitNotReady(URI health) throws IOException {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() - until < 0) {
      var asked = (HttpURLConnection) health.toURL().openConnection();
      if (asked.getResponseCode() == 503) {
        return;
      }
    }
    throw new AssertionError("still ready");
  }

  @Test
  void a_taken_port_is_one_line_and_starts_nothing() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var process = serve("--port", Integer.toString(taken.getLocalPort()));

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isOne();
      assertThat(process.errorReader().lines())
          .singleElement()
          .asString()
          .startsWith("trunkline: cannot listen on 127.0.0.1 port " + taken.getLocalPort())
          .contains("--port");
      assertThat(folder).isEmptyDirectory();
    }
  }

  private Process serve(String... options) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(List.of("serve", "--data", folder.resolve("data").toString()));
    command.addAll(List.of(options));
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("TRUNKLINE_"));
    var process = builder.start();
    processes.add(process);
    return process;
  }

  /// Everything up to the empty line that ends it.
  private static String greeting(Process process) throws IOException {
    var lines = new ArrayList<String>();
    BufferedReader out = process.inputReader();
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (line.contains("jdbc:")) {
        return String.join("\n", lines);
      }
    }
    throw new AssertionError(lines + "\n" + process.errorReader().lines().toList());
  }

  private static String group(Pattern pattern, String text, int group) {
    var matcher = pattern.matcher(text);
    assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
    return matcher.group(group);
  }

  private String password() {
    try {
      return Files.readString(folder.resolve("data/postgres/password")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path pidFile() {
    return folder.resolve("data/postgres/data/postmaster.pid");
  }
}
