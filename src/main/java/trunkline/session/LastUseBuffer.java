package trunkline.session;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The sessions used since the last flush; each is written once, however often it was used.
final class LastUseBuffer {
  private static final int ROWS_MAX = 1_000;

  private final SessionRows rows;
  private final Set<SessionKey> used = ConcurrentHashMap.newKeySet();
  private long flushedNanos = System.nanoTime();

  LastUseBuffer(SessionRows rows) {
    this.rows = rows;
  }

  void add(SessionKey session) {
    used.add(session);
  }

  synchronized void flushWhenDue() {
    if (System.nanoTime() - flushedNanos >= SessionPolicy.TOUCH_INTERVAL.toNanos()) {
      flush();
    }
  }

  /// Writes what there is; what could not be written waits for the next time.
  synchronized void flush() {
    flushedNanos = System.nanoTime();
    var all = used.stream().toList();
    for (int from = 0; from < all.size(); from += ROWS_MAX) {
      write(all.subList(from, Math.min(all.size(), from + ROWS_MAX)));
    }
  }

  private void write(Collection<SessionKey> sessions) {
    sessions.forEach(used::remove); // before the statement: a use from now on counts anew
    try {
      used.addAll(rows.touch(sessions));
    } catch (RuntimeException e) {
      used.addAll(sessions);
      throw e;
    }
  }
}
