package trunkline.signal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Wake-ups as NOTIFY payloads: `s12 s13 a44`. Words that only a newer release knows are skipped,
/// so that both can run side by side.
final class WakeText {
  /// PostgreSQL refuses 8,000 bytes and more.
  private static final int PAYLOAD_BYTES_MAX = 7_900;

  private WakeText() {}

  /// As few payloads as will hold them all.
  static List<String> encode(Collection<Wake> wakes) {
    var payloads = new ArrayList<String>();
    var payload = new StringBuilder();
    for (var wake : wakes) {
      var word = wake.topic().letter() + Long.toString(wake.id());
      if (payload.length() + 1 + word.length() > PAYLOAD_BYTES_MAX) {
        payloads.add(payload.toString());
        payload.setLength(0);
      }
      if (!payload.isEmpty()) {
        payload.append(' ');
      }
      payload.append(word);
    }
    if (!payload.isEmpty()) {
      payloads.add(payload.toString());
    }
    return payloads;
  }

  /// The wake-ups, and the number of words that are none.
  record Heard(List<Wake> wakes, int unreadable) {}

  /// Walks the text once: the patterns made for each word were a fifth of what the receiving
  /// instance allocated.
  static Heard decode(String payload) {
    var wakes = new ArrayList<Wake>();
    var words = 0;
    for (var from = 0; from <= payload.length(); words++) {
      var space = payload.indexOf(' ', from);
      var end = space < 0 ? payload.length() : space;
      if (isWake(payload, from, end)) {
        var topic = Topic.of(payload.charAt(from));
        if (topic.isPresent()) {
          wakes.add(new Wake(topic.get(), Long.parseLong(payload, from + 1, end, 10)));
        }
      }
      from = end + 1;
    }
    return new Heard(wakes, words - wakes.size());
  }

  /// A letter and up to 18 digits.
  private static boolean isWake(String payload, int from, int end) {
    if (end - from < 2 || end - from > 19) {
      return false;
    }
    for (var at = from + 1; at < end; at++) {
      if (payload.charAt(at) < '0' || payload.charAt(at) > '9') {
        return false;
      }
    }
    return true;
  }
}
