package trunkline.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A process of its own that joins the embedded server, says where, and leaves when its input ends.
final class JoiningProcess {
  private JoiningProcess() {}

  public static void main(String[] arguments) throws IOException {
    try (var server = EmbeddedPostgres.join(Path.of(arguments[0]), Map.of("fsync", "off"))) {
      System.out.println(server.port());
      while (System.in.read() >= 0) {
        // Only the end of the input means anything.
      }
    }
  }
}
