package trunkline.session;

import java.time.Duration;
import java.util.Optional;
import trunkline.session.SessionRoots.Known;
import trunkline.store.Database;
import trunkline.store.Database.Work;
import trunkline.store.LockPatience;
import trunkline.store.SqlWork;

/// What a session's row says of its client's roots.
final class RootRows {
  private static final String FIND =
      """
      -- sessions.roots: read when they are wanted, so nobody has to be told that they changed
      SELECT roots_version, CASE WHEN roots_asked = roots_version THEN roots END AS roots
        FROM trunkline.sessions WHERE session_key = ? AND ended_at IS NULL
      """;

  private static final String KEEP =
      """
      -- sessions.keep_roots: unless they changed after the version was read, and so perhaps after they were told
      UPDATE trunkline.sessions SET roots_asked = roots_version, roots = ?
       WHERE session_key = ? AND ended_at IS NULL AND roots_version = ?
      """;

  private static final String EXPIRE =
      """
      -- sessions.roots_changed: stale everywhere with this commit; counting one notice twice changes nothing
      UPDATE trunkline.sessions SET roots_version = roots_version + 1, roots = NULL
       WHERE session_key = ? AND ended_at IS NULL
      """;

  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  RootRows(Database database) {
    this.database = database;
  }

  /// Empty when the session has ended.
  Optional<Known> find(SessionKey session) {
    return run(
        SqlWork.query(
            FIND,
            s -> s.setLong(1, session.value()),
            row ->
                row.next()
                    ? Optional.of(
                        new Known(
                            row.getInt("roots_version"),
                            Optional.ofNullable(row.getString("roots"))))
                    : Optional.empty()));
  }

  /// Does nothing when the version is another by now.
  void keep(SessionKey session, int version, String roots) {
    var _ =
        run(
            SqlWork.update(
                KEEP,
                s -> {
                  s.setString(1, roots);
                  s.setLong(2, session.value());
                  s.setInt(3, version);
                }));
  }

  void expire(SessionKey session) {
    var _ = run(SqlWork.update(EXPIRE, s -> s.setLong(1, session.value())));
  }

  private <T> T run(Work<T> work) {
    return PATIENCE.call(database, work);
  }
}
