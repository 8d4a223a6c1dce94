package trunkline.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message of PostgreSQL's protocol, version 3: one letter, a length, a body.
record WireMessage(char type, byte[] body) {

  /// The next one, or null at the end.
  static @Nullable WireMessage read(DataInputStream in) throws IOException {
    var type = in.read();
    if (type < 0) {
      return null;
    }
    var body = new byte[in.readInt() - Integer.BYTES];
    in.readFully(body);
    return new WireMessage((char) type, body);
  }

  /// A message of the start, which has no letter.
  static byte[] readStart(DataInputStream in) throws IOException {
    var length = in.readInt();
    if (length < 2 * Integer.BYTES) {
      throw new EOFException("not a start of the protocol");
    }
    var body = new byte[length - Integer.BYTES];
    in.readFully(body);
    return body;
  }

  static void writeStart(OutputStream out, byte[] body) throws IOException {
    var data = new DataOutputStream(out);
    data.writeInt(body.length + Integer.BYTES);
    data.write(body);
    data.flush();
  }

  void write(OutputStream out) throws IOException {
    var whole = new ByteArrayOutputStream(body.length + 1 + Integer.BYTES);
    var data = new DataOutputStream(whole);
    data.writeByte(type);
    data.writeInt(body.length + Integer.BYTES);
    data.write(body);
    whole.writeTo(out); // at once: half a message must not stay behind
  }

  /// The zero-terminated text that begins after so many others.
  String text(int before) {
    var start = 0;
    for (var i = 0; i < before; i++) {
      start = end(start) + 1;
    }
    return new String(body, start, end(start) - start, StandardCharsets.UTF_8);
  }

  /// The field of a notice or an error: a letter and a text each; empty when there is none.
  String field(char letter) {
    for (var at = 0; at < body.length && body[at] != 0; at = end(at) + 1) {
      if (body[at] == letter) {
        return new String(body, at + 1, end(at) - at - 1, StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private int end(int from) {
    var at = from;
    while (at < body.length && body[at] != 0) {
      at++;
    }
    return at;
  }

  /// What a server says when it refuses.
  static WireMessage error(String severity, String sqlState, String message) {
    var body = new ByteArrayOutputStream();
    Map.of('S', severity, 'V', severity, 'C', sqlState, 'M', message)
        .forEach((field, value) -> {
          body.write(field);
          body.writeBytes(value.getBytes(StandardCharsets.UTF_8));
          body.write(0);
        });
    body.write(0);
    return new WireMessage('E', body.toByteArray());
  }

  static WireMessage readyForQuery(char transaction) {
    return new WireMessage('Z', new byte[] {(byte) transaction});
  }

  @Override
  public String toString() {
    return type + "[" + body.length + "]";
  }
}
