package trunkline.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts something of each session in this process, up to a limit; exact, and forgets a session
/// that has none.
public final class SessionCounter {
  private final int max;
  private final Map<SessionKey, Integer> counts = new ConcurrentHashMap<>();

  public SessionCounter(int max) {
    this.max = max;
  }

  public int max() {
    return max;
  }

  /// Counts one more, unless the session has as many as it may have.
  ///
  /// @return whether it was counted; then [#remove] is owed
  public boolean add(SessionKey session) {
    var added = new boolean[1];
    counts.compute(
        session,
        (_, before) -> {
          var count = before == null ? 0 : before;
          added[0] = count < max;
          return added[0] ? count + 1 : before;
        });
    return added[0];
  }

  public void remove(SessionKey session) {
    counts.computeIfPresent(session, (_, count) -> count == 1 ? null : count - 1);
  }
}
