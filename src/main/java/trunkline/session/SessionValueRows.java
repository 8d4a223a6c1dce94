package trunkline.session;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import trunkline.store.Database;
import trunkline.store.Database.Work;
import trunkline.store.LockPatience;
import trunkline.store.SqlWork;

/// The only class that names the `session_values` table.
final class SessionValueRows {
  private static final String FIND =
      """
      -- session_values.find: an ended session has none
      SELECT v.value
        FROM trunkline.session_values v JOIN trunkline.sessions s USING (session_key)
       WHERE v.session_key = ? AND v.name = ? AND s.ended_at IS NULL
      """;

  private static final String PUT =
      """
      -- session_values.put: KEY SHARE waits for an end in flight, and an end waits for it
      WITH living AS MATERIALIZED (
             SELECT session_key FROM trunkline.sessions
              WHERE session_key = ? AND ended_at IS NULL FOR KEY SHARE),
           room AS (
             SELECT count(*) < ? OR coalesce(bool_or(name = ?), false) AS free
               FROM trunkline.session_values WHERE session_key = ?),
           added AS (
             INSERT INTO trunkline.session_values (name, value, session_key)
             SELECT ?, ?, session_key FROM living WHERE (SELECT free FROM room)
             ON CONFLICT (session_key, name) DO UPDATE SET value = excluded.value)
      SELECT EXISTS (SELECT FROM living) AS lives, (SELECT free FROM room) AS free
      """;

  private static final String REMOVE =
      """
      -- session_values.remove: an end in flight removes it too, so nothing is locked before it
      DELETE FROM trunkline.session_values WHERE session_key = ? AND name = ?
      """;

  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  SessionValueRows(Database database) {
    this.database = database;
  }

  Optional<String> find(SessionKey session, String name) {
    return run(
        SqlWork.query(
            FIND,
            s -> {
              s.setLong(1, session.value());
              s.setString(2, name);
            },
            row -> row.next() ? Optional.of(row.getString("value")) : Optional.empty()));
  }

  StoreOutcome put(SessionKey session, String name, String value, int valuesMax) {
    return run(
        SqlWork.query(
            PUT,
            s -> {
              s.setLong(1, session.value());
              s.setInt(2, valuesMax);
              s.setString(3, name);
              s.setLong(4, session.value());
              s.setString(5, name);
              s.setString(6, value);
            },
            SessionValueRows::stored));
  }

  private static StoreOutcome stored(ResultSet row) throws SQLException {
    row.next();
    return StoreOutcome.of(row.getBoolean("lives"), row.getBoolean("free"));
  }

  /// False when there was none.
  boolean remove(SessionKey session, String name) {
    return run(
            SqlWork.update(
                REMOVE,
                s -> {
                  s.setLong(1, session.value());
                  s.setString(2, name);
                }))
        > 0;
  }

  private <T> T run(Work<T> work) {
    return PATIENCE.call(database, work);
  }
}
