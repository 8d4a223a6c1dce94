package trunkline.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// The server's log: what it says while it starts is the reason when it does not.
final class ServerLog {
  private static final long BYTES_MAX = 16L << 20;
  private static final String FATAL = "FATAL:";
  private static final String DETAIL = "DETAIL:";

  private final Path file;
  private long before;

  ServerLog(Path file) {
    this.file = file;
  }

  /// Makes the file before a start, and notes where the start's lines will begin.
  void prepare(PostgresAccount account) throws IOException {
    if (Files.exists(file) && Files.size(file) > BYTES_MAX) {
      Files.move(file, file.resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(file)) {
      Access.privateFile(file);
    }
    account.give(file);
    before = Files.size(file);
  }

  /// The last error since [#prepare], with its detail.
  Optional<String> newError() throws IOException {
    String all;
    try (var bytes = Files.newInputStream(file)) {
      bytes.skipNBytes(before);
      all = new String(bytes.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    var lines = all.lines().toList();
    for (var at = lines.size() - 1; at >= 0; at--) {
      var error = after(FATAL, lines.get(at));
      if (error.isPresent()) {
        var detail = at + 1 < lines.size() ? after(DETAIL, lines.get(at + 1)) : error;
        return error.map(text ->
            detail.filter(more -> !more.equals(text)).map(more -> text + ": " + more).orElse(text));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> after(String heading, String line) {
    var at = line.indexOf(heading);
    return at < 0 ? Optional.empty() : Optional.of(line.substring(at + heading.length()).strip());
  }
}
