package trunkline.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts something of each of many in this process, up to a limit; exact, and forgets whoever has
/// none.
///
/// @param <K> whose it is
public final class KeyCounter<K> {
  private final int max;
  private final Map<K, Integer> counts = new ConcurrentHashMap<>();

  public KeyCounter(int max) {
    this.max = max;
  }

  public int max() {
    return max;
  }

  /// Counts one more, unless it has as many as it may have.
  ///
  /// @return whether it was counted; then [#remove] is owed
  public boolean add(K key) {
    var added = new boolean[1];
    counts.compute(
        key,
        (_, before) -> {
          var count = before == null ? 0 : before;
          added[0] = count < max;
          return added[0] ? count + 1 : before;
        });
    return added[0];
  }

  public void remove(K key) {
    counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
  }
}
