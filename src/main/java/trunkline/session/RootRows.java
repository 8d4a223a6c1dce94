package trunkline.session;

import java.util.Optional;
import trunkline.session.SessionRoots.Known;
import trunkline.store.Database.Work;
import trunkline.store.SqlWork;

/// What a session's row says of its client's roots.
final class RootRows {
  private static final String KNOWN =
      """
      -- sessions.roots: read when they are wanted, so nobody has to be told that they changed
      SELECT roots_version, CASE WHEN roots_asked = roots_version THEN roots END
        FROM trunkline.sessions WHERE session_key = ? AND ended_at IS NULL
      """;

  private static final String KEEP =
      """
      -- sessions.keep_roots: unless they changed after the version was read, and so perhaps after they were told
      UPDATE trunkline.sessions SET roots_asked = roots_version, roots = ?
       WHERE session_key = ? AND ended_at IS NULL AND roots_version = ?
      """;

  private static final String CHANGED =
      """
      -- sessions.roots_changed: stale everywhere with this commit; counting one notice twice changes nothing
      UPDATE trunkline.sessions SET roots_version = roots_version + 1, roots = NULL
       WHERE session_key = ? AND ended_at IS NULL
      """;

  private RootRows() {}

  static Work<Optional<Known>> known(SessionKey session) {
    return SqlWork.query(
        KNOWN,
        s -> s.setLong(1, session.value()),
        row ->
            row.next()
                ? Optional.of(new Known(row.getInt(1), Optional.ofNullable(row.getString(2))))
                : Optional.empty());
  }

  static Work<Integer> keep(SessionKey session, int version, String roots) {
    return SqlWork.update(
        KEEP,
        s -> {
          s.setString(1, roots);
          s.setLong(2, session.value());
          s.setInt(3, version);
        });
  }

  static Work<Integer> changed(SessionKey session) {
    return SqlWork.update(CHANGED, s -> s.setLong(1, session.value()));
  }
}
