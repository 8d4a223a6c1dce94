package trunkline.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// That what is fast is also right: an error of MCP has status 200 as well. One answer of each
/// server is read; each further one has to be as long.
final class RightAnswers {
  private RightAnswers() {}

  /// A call of `echo`, answered well by all of them.
  ///
  /// @return how long the answer's body is
  static int requireEcho(List<InetSocketAddress> servers, ByteBuffer request) throws IOException {
    return require(servers, request, "\"hello\"");
  }

  /// An answer that has these words.
  ///
  /// @return how long its body is
  static int require(List<InetSocketAddress> servers, ByteBuffer request, String words)
      throws IOException {
    var length = -1;
    for (var server : servers) {
      var text = Text.of(server, request.duplicate()).require().text();
      var bytes = text.getBytes(StandardCharsets.UTF_8).length;
      if (!text.contains(words)
          || text.contains("\"error\"")
          || text.contains("\"isError\":true")) {
        throw new IllegalStateException("a wrong answer: " + text);
      }
      if (length >= 0 && length != bytes) {
        throw new IllegalStateException("servers answer differently: " + text);
      }
      length = bytes;
    }
    return length;
  }
}
