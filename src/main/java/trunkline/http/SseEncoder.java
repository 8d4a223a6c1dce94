package trunkline.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.LineSafe;
import trunkline.signal.InstanceId;

/// Builds server-sent events. A CR or LF inside an id or a payload would forge lines, so it is
/// refused here as well as at publish.
final class SseEncoder {
  private static final byte[] EVENT = ascii("event: message\n");
  private static final byte[] ID = ascii("id: ");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] NO_DATA = ascii("data: \n\n");
  private static final byte[] RETRY = ascii("retry: ");
  private static final byte[] COMMENT = ascii(":\n\n");

  /// An idle stream keeps a small buffer only.
  private static final int KEPT_BYTES_MAX = 4096;

  private ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

  void prime(String id, Duration retry) {
    id(id);
    retryLine(retry);
    bytes.writeBytes(NO_DATA);
  }

  void cursor(String id) {
    id(id);
    bytes.writeBytes(NO_DATA);
  }

  void message(@Nullable String id, byte[] json) {
    requireOneLine(json);
    var payload = LineSafe.json(json); // SQL's messages did not go through the codec
    bytes.writeBytes(EVENT);
    if (id != null) {
      id(id);
    }
    bytes.writeBytes(DATA);
    bytes.writeBytes(payload);
    bytes.write('\n');
    bytes.write('\n');
  }

  void comment() {
    bytes.writeBytes(COMMENT);
  }

  /// As the header of the answer that should come from there: `: Trunkline-Instance: 7`.
  void hint(InstanceId instance) {
    bytes.writeBytes(
        ascii(": " + RootHandler.INSTANCE.defaultCase() + ": " + instance.value() + "\n"));
  }

  void retry(Duration wait) {
    retryLine(wait);
    bytes.write('\n');
  }

  int size() {
    return bytes.size();
  }

  byte[] take() {
    var taken = bytes.toByteArray();
    if (taken.length > KEPT_BYTES_MAX) {
      bytes = new ByteArrayOutputStream(256);
    } else {
      bytes.reset();
    }
    return taken;
  }

  private void id(String id) {
    var text = ascii(id);
    requireOneLine(text);
    bytes.writeBytes(ID);
    bytes.writeBytes(text);
    bytes.write('\n');
  }

  private void retryLine(Duration wait) {
    bytes.writeBytes(RETRY);
    bytes.writeBytes(ascii(Long.toString(wait.toMillis())));
    bytes.write('\n');
  }

  private static void requireOneLine(byte[] text) {
    for (var b : text) {
      if (b == '\n' || b == '\r') {
        throw new IllegalArgumentException("a line break would forge an event's fields");
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
