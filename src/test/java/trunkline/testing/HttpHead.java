package trunkline.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The first line and the headers of an HTTP/1.1 message, as they came.
record HttpHead(String raw, String firstLine, Map<String, String> headers) {
  private static final int BYTES_MAX = 64 * 1024;

  /// Reads up to the empty line.
  ///
  /// @return null when the peer closed the connection before the first byte
  static @Nullable HttpHead read(InputStream in) throws IOException {
    var raw = new ByteArrayOutputStream();
    var lines = new ArrayList<String>();
    while (true) {
      var line = readLine(in);
      if (line == null) {
        if (raw.size() == 0) {
          return null;
        }
        throw new EOFException("the connection ended inside a head: " + lines);
      }
      raw.writeBytes(line);
      var text = new String(line, StandardCharsets.UTF_8).stripTrailing();
      if (text.isEmpty() && !lines.isEmpty()) {
        return of(raw.toString(StandardCharsets.ISO_8859_1), lines);
      }
      lines.add(text);
    }
  }

  /// Reads a line with its end.
  ///
  /// @return null when the peer closed the connection before the end of the line
  static byte @Nullable [] readLine(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      var next = in.read();
      if (next < 0) {
        return null;
      }
      line.write(next);
      if (next == '\n') {
        return line.toByteArray();
      }
      if (line.size() > BYTES_MAX) {
        throw new IOException("a line of more than " + BYTES_MAX + " bytes");
      }
    }
  }

  private static HttpHead of(String raw, List<String> lines) {
    var headers = new LinkedHashMap<String, String>();
    for (var line : lines.subList(1, lines.size())) {
      var colon = line.indexOf(':');
      if (colon > 0) {
        headers.merge(
            line.substring(0, colon).toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip(),
            (one, other) -> one + ", " + other);
      }
    }
    return new HttpHead(raw, lines.getFirst(), headers);
  }

  byte[] bytes() {
    return raw.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The status of a response.
  int status() {
    return Integer.parseInt(firstLine.split(" ", 3)[1]);
  }

  boolean isChunked() {
    return headers
        .getOrDefault("transfer-encoding", "")
        .toLowerCase(Locale.ROOT)
        .contains("chunked");
  }

  /// The announced length, or -1.
  long length() {
    return Long.parseLong(headers.getOrDefault("content-length", "-1"));
  }

  boolean closes() {
    return headers.getOrDefault("connection", "").equalsIgnoreCase("close");
  }
}
