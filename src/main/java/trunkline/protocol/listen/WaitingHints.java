package trunkline.protocol.listen;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What waits to be written to one client: each hint once, however often it is told, so that no
/// client costs more by reading slowly than its filter is long.
final class WaitingHints {
  private final Set<Hint> waiting;

  WaitingHints(Set<Hint> first) {
    this.waiting = new LinkedHashSet<>(first);
  }

  synchronized void add(Hint hint) {
    waiting.add(hint);
  }

  synchronized void addAll(Set<Hint> hints) {
    waiting.addAll(hints);
  }

  /// All of them, in the order in which they were first told.
  synchronized List<Hint> take() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    var taken = new ArrayList<>(waiting);
    waiting.clear();
    return taken;
  }
}
