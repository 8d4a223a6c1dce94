package trunkline.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// One answer as text, for what is not measured; waits for it.
final class Text implements Answer {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private String head = "";
  private int status;

  /// Asks on a connection of its own.
  static Text of(InetSocketAddress server, ByteBuffer request) throws IOException {
    try (var wire = Wire.to(server)) {
      return of(wire, request);
    }
  }

  static Text of(Wire wire, ByteBuffer request) throws IOException {
    var text = new Text();
    wire.send(request.duplicate(), text);
    return await(wire, text);
  }

  /// Reads until an answer is there that was asked for on the connection.
  static Text await(Wire wire, Text text) throws IOException {
    var buffer = ByteBuffer.allocate(64 * 1024);
    while (text.status == 0) {
      wire.requireRead(buffer);
    }
    return text;
  }

  /// Fails when it is not a success.
  Text require() {
    if (status / 100 != 2) {
      throw new IllegalStateException("status " + status + ": " + text());
    }
    return this;
  }

  String text() {
    return body.toString(UTF_8);
  }

  /// The value of a header; empty when there is none.
  String header(String name) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  @Override
  public void begin(int status, byte[] head, int headBytes) {
    this.head = new String(head, 0, headBytes, UTF_8);
  }

  @Override
  public void body(ByteBuffer part) {
    var bytes = new byte[part.remaining()];
    part.get(bytes);
    body.writeBytes(bytes);
  }

  @Override
  public void end(int status) {
    this.status = status;
  }
}
