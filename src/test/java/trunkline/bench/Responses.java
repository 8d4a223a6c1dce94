package trunkline.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/// Takes the bytes of one connection apart into answers: HTTP/1.1 as our server and any other
/// writes it. Keeps nothing of a body.
final class Responses {
  private enum Place {
    HEAD,
    FIXED,
    SIZE,
    CHUNK,
    AFTER_CHUNK,
    LAST
  }

  private static final byte[] LENGTH = "content-length:".getBytes(US_ASCII);
  private static final byte[] CODING = "transfer-encoding:".getBytes(US_ASCII);
  private static final int HEAD_BYTES_MAX = 16_384;

  private final byte[] head = new byte[HEAD_BYTES_MAX];
  private Place place = Place.HEAD;
  private int headBytes;
  private int status;
  private long left;
  private boolean hasDigits;

  /// Hands over what is in the buffer.
  void read(ByteBuffer bytes, Answer answer) {
    while (bytes.hasRemaining()) {
      switch (place) {
        case HEAD -> readHead(bytes, answer);
        case FIXED -> readFixed(bytes, answer);
        case SIZE -> readSize(bytes);
        case CHUNK -> readChunk(bytes, answer);
        case AFTER_CHUNK -> {
          if (bytes.get() == '\n') {
            place = Place.SIZE;
          }
        }
        case LAST -> { // no trailers are sent to us: an empty line
          if (bytes.get() == '\n') {
            end(answer);
          }
        }
      }
    }
  }

  private void readHead(ByteBuffer bytes, Answer answer) {
    while (bytes.hasRemaining()) {
      var each = bytes.get();
      head[headBytes++] = each;
      if (each == '\n' && headBytes > 3 && head[headBytes - 3] == '\n') {
        begin(answer);
        return;
      }
    }
  }

  private void begin(Answer answer) {
    status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + (head[11] - '0');
    var length = value(LENGTH);
    answer.begin(status, head, headBytes);
    if (value(CODING) >= 0) {
      place = Place.SIZE;
      left = 0;
      hasDigits = false;
    } else {
      left = 0;
      for (var at = Math.max(length, 0); length >= 0 && head[at] != '\r'; at++) {
        if (head[at] != ' ') {
          left = left * 10 + head[at] - '0';
        }
      }
      place = Place.FIXED;
      if (left == 0) {
        end(answer);
      }
    }
  }

  /// Where the header's value begins, or -1.
  private int value(byte[] name) {
    for (var at = 0; at < headBytes - name.length; at++) {
      if (head[at] == '\n') {
        var same = 0;
        while (same < name.length && (head[at + 1 + same] | 0x20) == (name[same] | 0x20)) {
          same++;
        }
        if (same == name.length) {
          return at + 1 + same;
        }
      }
    }
    return -1;
  }

  private void readFixed(ByteBuffer bytes, Answer answer) {
    pass(bytes, answer);
    if (left == 0) {
      end(answer);
    }
  }

  private void readSize(ByteBuffer bytes) {
    var each = bytes.get();
    if (each == '\n' && hasDigits) {
      place = left == 0 ? Place.LAST : Place.CHUNK;
      hasDigits = false;
    } else if (each != '\r' && each != '\n') {
      left = left * 16 + Character.digit(each, 16);
      hasDigits = true;
    }
  }

  private void readChunk(ByteBuffer bytes, Answer answer) {
    pass(bytes, answer);
    if (left == 0) {
      place = Place.AFTER_CHUNK;
    }
  }

  private void pass(ByteBuffer bytes, Answer answer) {
    var limit = bytes.limit();
    bytes.limit((int) Math.min(limit, bytes.position() + left));
    left -= bytes.remaining();
    answer.body(bytes);
    bytes.position(bytes.limit());
    bytes.limit(limit);
  }

  private void end(Answer answer) {
    place = Place.HEAD;
    headBytes = 0;
    answer.end(status);
  }
}
