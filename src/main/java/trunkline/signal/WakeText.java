package trunkline.signal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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

  static Heard decode(String payload) {
    var wakes = new ArrayList<Wake>();
    var words = payload.split(" ", -1);
    for (var word : words) {
      wake(word).ifPresent(wakes::add);
    }
    return new Heard(wakes, words.length - wakes.size());
  }

  private static Optional<Wake> wake(String word) {
    if (!word.matches("[a-z][0-9]{1,18}")) {
      return Optional.empty();
    }
    for (var topic : Topic.values()) {
      if (topic.letter() == word.charAt(0)) {
        return Optional.of(new Wake(topic, Long.parseLong(word, 1, word.length(), 10)));
      }
    }
    return Optional.empty();
  }
}
