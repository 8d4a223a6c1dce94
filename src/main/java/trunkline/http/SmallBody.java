package trunkline.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Reads a body whose length is announced and small into an array of that length. The JDK's own
/// `readNBytes` begins with 16 KiB whatever comes: for a call of 300 bytes that was a quarter of
/// all that a call allocated. What is announced is a stranger's word, so nothing larger is taken by
/// it.
final class SmallBody {
  static final int BYTES_MAX = 16 * 1024;

  private SmallBody() {}

  static byte[] read(InputStream body, int length) throws IOException {
    var bytes = new byte[length];
    var filled = body.readNBytes(bytes, 0, length);
    if (filled < length) {
      return Arrays.copyOf(bytes, filled);
    }
    if (body.read() >= 0) { // it is consumed once its end was seen
      throw new IllegalStateException("a body longer than it was announced");
    }
    return bytes;
  }
}
