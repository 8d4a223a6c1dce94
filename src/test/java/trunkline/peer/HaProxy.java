package trunkline.peer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import trunkline.testing.Requirement;

/// HAProxy with the configuration that we ship, with nothing changed but addresses.
final class HaProxy implements AutoCloseable {
  private static final Path SHIPPED = Path.of("src", "main", "deploy", "haproxy.cfg");
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final ForeignProcess process;
  private final URI url;

  private HaProxy(ForeignProcess process, URI url) {
    this.process = process;
    this.url = url;
  }

  /// Without HAProxy the test ends here.
  ///
  /// @param folder where the changed configuration is put
  static HaProxy before(List<URI> instances, Path folder) throws IOException, InterruptedException {
    return before(instances, folder, Affinity.NONE);
  }

  static HaProxy before(List<URI> instances, Path folder, Affinity affinity)
      throws IOException, InterruptedException {
    var program = Requirement.program("haproxy");
    var port = Ports.free();
    var own =
        affinity
            .chosen(Files.readString(SHIPPED), "  balance roundrobin\n")
            .replace("bind :8080", "bind 127.0.0.1:" + port);
    for (var i = 0; i < instances.size(); i++) {
      own = own.replace("trunkline-%d:8080".formatted(i + 1), instances.get(i).getAuthority());
    }
    var file = Files.writeString(folder.resolve("haproxy.cfg"), own);
    var process =
        ForeignProcess.start(
            folder, List.of(program.toString(), "-W", "-db", "-f", file.toString()));
    try {
      process.awaitLine(line -> line.contains("Loading success"), PATIENCE);
      return new HaProxy(process, URI.create("http://127.0.0.1:" + port + "/mcp"));
    } catch (AssertionError e) {
      process.close();
      throw e;
    }
  }

  /// Where clients connect.
  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.close();
  }
}
