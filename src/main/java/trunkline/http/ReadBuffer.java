package trunkline.http;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PlainSocket;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/// The 8 KB into which Helidon reads from a socket. While a stream is written nothing is read, so
/// its connection does not need them.
///
/// Helidon keeps the array in a private field and has no way around it. Where that field cannot be
/// changed (another version of Helidon, or of Java), the array stays: it costs memory, and nothing
/// else.
final class ReadBuffer {
  private static final int BYTES = 8 * 1024;
  private static final byte[] NONE = new byte[0];
  private static final @Nullable Field FIELD = field();

  private ReadBuffer() {}

  /// Nothing is read from the socket until [#restore].
  static void drop(HelidonSocket socket) {
    set(socket, NONE);
  }

  static void restore(HelidonSocket socket) {
    set(socket, new byte[BYTES]);
  }

  private static void set(HelidonSocket socket, byte[] buffer) {
    if (FIELD != null && socket instanceof PlainSocket) {
      try {
        FIELD.set(socket, buffer);
      } catch (IllegalAccessException _) {
        // it stays
      }
    }
  }

  private static @Nullable Field field() {
    try {
      var field = PlainSocket.class.getDeclaredField("readBuffer");
      field.setAccessible(true);
      return field.getType() == byte[].class ? field : null;
    } catch (NoSuchFieldException | RuntimeException _) {
      return null;
    }
  }
}
