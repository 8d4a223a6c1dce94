package trunkline.bench;

import java.nio.ByteBuffer;

/// Who gets an answer, in the thread that reads it.
interface Answer {
  /// The head is there.
  default void begin(int status, byte[] head, int headBytes) {}

  /// A part of the body, which is not to be kept.
  default void body(ByteBuffer part) {}

  void end(int status);

  /// The connection closed before the end.
  default void broken(Exception why) {}
}
