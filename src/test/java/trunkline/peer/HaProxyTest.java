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
import trunkline.testing.Requirement;
import trunkline.testing.TestCluster;

/// The HAProxy configuration that we ship, with nothing changed but addresses.
@Tag("peer")
class HaProxyTest {
  private static final Path SHIPPED = Path.of("src", "main", "deploy", "haproxy.cfg");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path program = Requirement.program("haproxy");

  @Test
  void carries_a_session_over_three_instances(TestCluster cluster, @TempDir Path folder)
      throws Exception {
    var balanced = Balanced.over(cluster);
    var port = Ports.free();
    try (var _ = start(folder, port, balanced.addresses())) {
      var url = URI.create("http://127.0.0.1:" + port + "/mcp");
      balanced.serveSession(url);
      Balanced.hideTheRest(url);
      balanced.outliveAnInstance(url);
    }
  }

  private ForeignProcess start(Path folder, int port, List<String> addresses)
      throws IOException, InterruptedException {
    var own = Files.readString(SHIPPED).replace("bind :8080", "bind 127.0.0.1:" + port);
    for (var i = 0; i < addresses.size(); i++) {
      own = own.replace("trunkline-%d:8080".formatted(i + 1), addresses.get(i));
    }
    var file = Files.writeString(folder.resolve("haproxy.cfg"), own);
    var haproxy =
        ForeignProcess.start(
            folder, List.of(program.toString(), "-W", "-db", "-f", file.toString()));
    try {
      haproxy.awaitLine(line -> line.contains("Loading success"), PATIENCE);
      return haproxy;
    } catch (AssertionError e) {
      haproxy.close();
      throw e;
    }
  }
}
