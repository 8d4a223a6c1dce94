package trunkline.peer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.testing.Requirement;
import trunkline.testing.TestCluster;

/// The nginx configuration that we ship, with nothing changed but addresses and where it writes.
@Tag("peer")
class NginxTest {
  private static final Path SHIPPED = Path.of("src", "main", "deploy", "nginx.conf");
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  /// Where a user that is not root may write, and a line that says that it is ready.
  private static final String OF_THE_TEST =
      """
      error_log stderr notice;
      pid nginx.pid;
      """;

  private static final String FOLDERS =
      """
      http {
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
      """;

  private final Path program = Requirement.program("nginx");

  @Test
  void carries_a_session_over_three_instances(TestCluster cluster, @TempDir Path folder)
      throws Exception {
    var balanced = Balanced.over(cluster);
    var port = Ports.free();
    try (var _ = start(folder, port, balanced.urls())) {
      var url = URI.create("http://127.0.0.1:" + port + "/mcp");
      balanced.serveSession(url);
      Balanced.hideTheRest(url);
      Balanced.showWhatClientsNeed(url);
      balanced.outliveAnInstance(url);
    }
  }

  @Test
  void nothing_is_smuggled_past_it(TestCluster cluster, @TempDir Path folder) throws Exception {
    var balanced = Balanced.over(cluster);
    var port = Ports.free();
    try (var _ = start(folder, port, balanced.urls())) {
      Smuggling.requireNone(URI.create("http://127.0.0.1:" + port + "/mcp"), balanced);
    }
  }

  /// It asks nobody whether he is ready, so any delay that is none too short for clients will do.
  /// Calls have the time that they have by default: these take moments, but a machine may be busy.
  @Test
  void no_request_fails_when_instances_leave(TestCluster cluster, @TempDir Path folder)
      throws Exception {
    var balanced =
        Balanced.over(
            cluster.with(Load.CATALOG).with("drain-delay", "1s").with("drain-timeout", "15s"));
    var port = Ports.free();
    try (var _ = start(folder, port, balanced.urls());
        var load = new Load(URI.create("http://127.0.0.1:" + port + "/mcp"), 8, 60)) {
      load.restartEach(balanced.instances(), cluster);
      load.requireNoFailure();
    }
  }

  @ParameterizedTest
  @EnumSource
  void as_many_requests_stay_as_its_affinity_says(
      Affinity affinity, TestCluster cluster, @TempDir Path folder) throws Exception {
    var balanced = Balanced.over(cluster);
    var port = Ports.free();
    try (var _ = start(folder, port, balanced.urls(), affinity)) {
      affinity.require(URI.create("http://127.0.0.1:" + port + "/mcp"));
    }
  }

  private ForeignProcess start(Path folder, int port, List<URI> instances)
      throws IOException, InterruptedException {
    return start(folder, port, instances, Affinity.NONE);
  }

  private ForeignProcess start(Path folder, int port, List<URI> instances, Affinity affinity)
      throws IOException, InterruptedException {
    var own =
        affinity
            .chosen(Files.readString(SHIPPED), "")
            .replace("error_log stderr warn;\n", OF_THE_TEST)
            .replace("http {\n", FOLDERS)
            .replace("worker_processes auto;", "worker_processes 1;")
            .replace("listen 8080;", "listen 127.0.0.1:" + port + ";");
    for (var i = 0; i < instances.size(); i++) {
      own = own.replace("trunkline-%d:8080".formatted(i + 1), instances.get(i).getAuthority());
    }
    var file = Files.writeString(folder.resolve("nginx.conf"), own);
    var nginx =
        ForeignProcess.start(
            folder,
            List.of(
                program.toString(),
                "-p",
                folder.toString(),
                "-e",
                "stderr",
                "-c",
                file.toString(),
                "-g",
                "daemon off;"));
    try {
      nginx.awaitLine(line -> line.contains("start worker process "), PATIENCE);
      return nginx;
    } catch (AssertionError e) {
      nginx.close();
      throw e;
    }
  }
}
