package trunkline.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// The messages of an event stream, and where it can be gone on with.
final class Events implements AutoCloseable {
  private final BufferedReader lines;
  private @Nullable String lastEventId;

  Events(InputStream body) {
    this(body, Optional.empty());
  }

  /// @param lastEventId after which it goes on, if it does
  Events(InputStream body, Optional<String> lastEventId) {
    this.lastEventId = lastEventId.orElse(null);
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /// The id that came last.
  Optional<String> lastEventId() {
    return Optional.ofNullable(lastEventId);
  }

  /// Waits for the next message; empty at the end, which may be that of the connection.
  Optional<ObjectNode> next() {
    try {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id:")) {
          lastEventId = line.substring("id:".length()).strip();
        } else if (line.startsWith("data:") && !line.substring("data:".length()).isBlank()) {
          return Optional.of(Codec.objectFrom(line.substring("data:".length()).strip()));
        }
      }
    } catch (IOException _) {
      // a cut connection ends the stream like any other
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException _) {
      // nothing more is wanted of it
    }
  }
}
