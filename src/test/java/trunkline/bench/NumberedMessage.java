package trunkline.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// A message of [BenchTools#FLOOD] in a line of a stream of events: its number and its time.
final class NumberedMessage {
  private static final byte[] FIELD = "data: {".getBytes(US_ASCII);
  private static final byte[] TEXT = "\"data\":\"".getBytes(US_ASCII);

  private int at;
  private int number;
  private long nanos;

  /// Reads a line, and says whether it is one of ours.
  boolean read(byte[] line, int length) {
    if (!isAt(0, FIELD, line, length)) {
      return false;
    }
    at = FIELD.length;
    while (at < length && !isAt(at, TEXT, line, length)) {
      at++;
    }
    if (at >= length) {
      return false;
    }
    at += TEXT.length;
    number = (int) digits(line, length);
    at++;
    nanos = digits(line, length);
    return true;
  }

  private static boolean isAt(int at, byte[] word, byte[] line, int length) {
    if (at + word.length > length) {
      return false;
    }
    for (var i = 0; i < word.length; i++) {
      if (line[at + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  private long digits(byte[] line, int length) {
    var value = 0L;
    while (at < length && line[at] >= '0' && line[at] <= '9') {
      value = value * 10 + line[at++] - '0';
    }
    return value;
  }

  int number() {
    return number;
  }

  long nanos() {
    return nanos;
  }
}
