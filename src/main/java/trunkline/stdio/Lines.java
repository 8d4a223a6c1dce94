package trunkline.stdio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The lines of a client, each one message. One that is too long is read to its end and dropped, so
/// that it holds no more memory than others.
final class Lines {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private final int bytesMax;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int next;
  private int end;

  /// @param bytesMax of a line, without its end
  Lines(InputStream in, int bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
  }

  /// A line, or that it was too long.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares lines
  sealed interface Line {
    record Whole(byte[] bytes) implements Line {}

    record TooLong() implements Line {}
  }

  /// Waits for the next line that is not blank; empty at the end of the input. A last line without
  /// an end is one too.
  Optional<Line> next() throws IOException {
    while (true) {
      var line = new ByteArrayOutputStream();
      var dropped = false;
      var ended = false;
      while (!ended && fill()) {
        var until = next;
        while (until < end && buffer[until] != '\n') {
          until++;
        }
        dropped |= line.size() + (until - next) > bytesMax;
        if (dropped) {
          line.reset();
        } else {
          line.write(buffer, next, until - next);
        }
        ended = until < end;
        next = ended ? until + 1 : until;
      }
      if (dropped) {
        return Optional.of(new Line.TooLong());
      }
      if (!isBlank(line.toByteArray())) {
        return Optional.of(new Line.Whole(line.toByteArray()));
      }
      if (!ended) {
        return Optional.empty();
      }
    }
  }

  private boolean fill() throws IOException {
    if (next < end) {
      return true;
    }
    next = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  private static boolean isBlank(byte[] line) {
    for (var each : line) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }
}
