package trunkline.access.key;

import java.time.Duration;
import java.util.List;

/// When keys were used, written off the requests' path, and once a minute for a key by all
/// instances together: each reads with every look what the others wrote, and the statement looks
/// once more.
final class KeyUses {
  static final Duration PAUSE = Duration.ofMinutes(1);

  private static final int ROWS_MAX = 1_000;

  private final KeySource source;
  private final MetKeys met;

  KeyUses(KeySource source, MetKeys met) {
    this.source = source;
    this.met = met;
  }

  /// Writes what is due; what could not be written waits for the next time.
  void write() {
    var due = met.all().stream().filter(MetKey::isDue).toList();
    for (var from = 0; from < due.size(); from += ROWS_MAX) {
      write(due.subList(from, Math.min(due.size(), from + ROWS_MAX)));
    }
  }

  private void write(List<MetKey> keys) {
    keys.forEach(MetKey::written); // before the statement: a use from now on counts anew
    try {
      source.touch(keys.stream().map(MetKey::id).toList());
    } catch (RuntimeException e) {
      keys.forEach(MetKey::notWritten);
      throw e;
    }
  }
}
