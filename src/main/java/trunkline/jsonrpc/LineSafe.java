package trunkline.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// JSON without the characters that some readers break lines at, though neither JSON nor event
/// streams do: U+0085 and the other C1 controls, U+2028 and U+2029. Outside of its strings JSON has
/// none of them, so each becomes an escape wherever it stands.
public final class LineSafe {
  /// The first byte of U+0080 to U+00BF, of which the lower half are controls.
  private static final byte C1 = (byte) 0xC2;

  private static final byte C1_END = (byte) 0xA0;

  /// The bytes of U+2028 and U+2029 but for the last.
  private static final byte SEPARATOR = (byte) 0xE2;

  private static final byte SEPARATOR_SECOND = (byte) 0x80;
  private static final byte LINE_SEPARATOR = (byte) 0xA8;
  private static final byte PARAGRAPH_SEPARATOR = (byte) 0xA9;

  private LineSafe() {}

  /// The same JSON with escapes; the given bytes when there is nothing to escape.
  public static byte[] json(byte[] utf8) {
    for (var index = 0; index < utf8.length; index++) {
      if (length(utf8, index) > 0) {
        return escaped(utf8, index);
      }
    }
    return utf8;
  }

  private static byte[] escaped(byte[] utf8, int first) {
    var safe = new ByteArrayOutputStream(utf8.length + 64);
    safe.write(utf8, 0, first);
    for (var index = first; index < utf8.length; ) {
      var length = length(utf8, index);
      if (length == 0) {
        safe.write(utf8[index++]);
      } else {
        var character = length == 2 ? utf8[index + 1] & 0xFF : 0x2000 + (utf8[index + 2] & 0x3F);
        safe.writeBytes("\\u%04x".formatted(character).getBytes(StandardCharsets.US_ASCII));
        index += length;
      }
    }
    return safe.toByteArray();
  }

  /// The length of the character to escape here; 0 for any other.
  private static int length(byte[] utf8, int at) {
    if (utf8[at] == C1 && at + 1 < utf8.length) {
      return utf8[at + 1] < C1_END ? 2 : 0;
    }
    if (utf8[at] != SEPARATOR || at + 2 >= utf8.length || utf8[at + 1] != SEPARATOR_SECOND) {
      return 0;
    }
    return utf8[at + 2] == LINE_SEPARATOR || utf8[at + 2] == PARAGRAPH_SEPARATOR ? 3 : 0;
  }
}
