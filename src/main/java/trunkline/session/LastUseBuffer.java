package trunkline.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import trunkline.store.SetAside;
import trunkline.store.StatementRefused;

/// The sessions used since the last flush; each is written once, however often it was used.
final class LastUseBuffer {
  private static final int ROWS_MAX = 1_000;

  private final SessionRows rows;
  private final SetAside aside;
  private final Set<SessionKey> used = ConcurrentHashMap.newKeySet();
  private final AtomicLong flushedNanos = new AtomicLong(System.nanoTime());

  LastUseBuffer(SessionRows rows, SetAside aside) {
    this.rows = rows;
    this.aside = aside;
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
      used.addAll(touched(sessions));
    } catch (RuntimeException e) {
      used.addAll(sessions);
      throw e;
    }
  }

  /// Those that wait for the next time. A session that cannot be written keeps no other from it.
  private Collection<SessionKey> touched(Collection<SessionKey> sessions) {
    try {
      return rows.touch(sessions);
    } catch (StatementRefused _) {
      var locked = new ArrayList<SessionKey>();
      aside.each(
          sessions, SessionKey::value, session -> locked.addAll(rows.touch(List.of(session))));
      return locked;
    }
  }
}
