package trunkline.bench;

import java.nio.ByteBuffer;

/// The lines of a stream of events, as they come: the beginning of each, which is all that anybody
/// looks at.
final class Events implements Answer {
  private static final int KEPT = 256;
  private static final int PART_BYTES = 256 * 1024;

  /// Of each thread that reads, since an array is faster to walk than a buffer.
  private static final ThreadLocal<byte[]> PARTS =
      ThreadLocal.withInitial(() -> new byte[PART_BYTES]);

  private final Reader reader;
  private final byte[] line = new byte[KEPT];
  private int length;

  /// Who looks at the lines.
  interface Reader {
    /// A line with the name of its field, without the line's end; valid until this returns.
    void line(byte[] line, int length);

    /// The stream is over, or never began.
    void over(String why);
  }

  Events(Reader reader) {
    this.reader = reader;
  }

  @Override
  public void begin(int status, byte[] head, int headBytes) {
    if (status != 200) {
      reader.over("a stream was refused with " + status);
    }
  }

  @Override
  public void body(ByteBuffer part) {
    var bytes = PARTS.get();
    while (part.hasRemaining()) {
      var count = Math.min(bytes.length, part.remaining());
      part.get(bytes, 0, count);
      read(bytes, count);
    }
  }

  private void read(byte[] bytes, int count) {
    for (var at = 0; at < count; at++) {
      var each = bytes[at];
      if (each == '\n') {
        if (length > 0) {
          reader.line(line, Math.min(length, KEPT));
        }
        length = 0;
      } else {
        if (length < KEPT) {
          line[length] = each;
        }
        length++;
      }
    }
  }

  @Override
  public void end(int status) {
    reader.over("a stream ended, with status " + status);
  }

  @Override
  public void broken(Exception why) {
    reader.over("a stream broke: " + why.getMessage());
  }
}
