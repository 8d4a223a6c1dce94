package trunkline.session;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The sessions used since the last flush; each is written once, however often it was used.
final class LastUseBuffer {
  private static final int ROWS_MAX = 1_000;

  private final SessionRows rows;
  private final Set<SessionKey> used = ConcurrentHashMap.newKeySet();
  private final AtomicLong flushedNanos = new AtomicLong(System.nanoTime());

  LastUseBuffer(SessionRows rows) {
    this.rows = rows;
  }

  void add(SessionKey session) {
    used.add(session);
  }

  void flushWhenDue() {
    var last = flushedNanos.get();
    var now = System.nanoTime();
    if (now - last >= SessionPolicy.TOUCH_INTERVAL.toNanos()
        && flushedNanos.compareAndSet(last, now)) {
      flush();
    }
  }

  /// Writes what there is; what could not be written waits for the next time.
  void flush() {
    flushedNanos.set(System.nanoTime());
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
