package trunkline.session;

import static trunkline.store.SqlWork.texts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import trunkline.session.SessionStore.StoreOutcome;
import trunkline.store.Database.Work;
import trunkline.store.SqlWork;

/// What is kept with a session: the tables `subscriptions` and `session_values`.
final class BelongingRows {
  private static final String SUBSCRIBE =
      """
      -- subscriptions.add: KEY SHARE waits for an end in flight, and an end waits for it
      WITH living AS MATERIALIZED (
             SELECT session_key FROM trunkline.sessions
              WHERE session_key = ? AND ended_at IS NULL FOR KEY SHARE),
           room AS (
             SELECT count(*) < ? OR coalesce(bool_or(uri = ?), false) AS free
               FROM trunkline.subscriptions WHERE session_key = ?),
           added AS (
             INSERT INTO trunkline.subscriptions (uri, session_key)
             SELECT ?, session_key FROM living WHERE (SELECT free FROM room)
             ON CONFLICT DO NOTHING)
      SELECT EXISTS (SELECT FROM living), (SELECT free FROM room)
      """;

  private static final String UNSUBSCRIBE =
      """
      -- subscriptions.remove: an end in flight removes it too, so nothing is locked before it
      DELETE FROM trunkline.subscriptions WHERE uri = ? AND session_key = ?
      """;

  private static final String SUBSCRIBERS =
      """
      -- subscriptions.find: whom an update of these resources concerns
      SELECT uri, session_key FROM trunkline.subscriptions WHERE uri = ANY (?)
      """;

  private static final String VALUE =
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
      SELECT EXISTS (SELECT FROM living), (SELECT free FROM room)
      """;

  private static final String REMOVE =
      """
      -- session_values.remove: an end in flight removes it too, so nothing is locked before it
      DELETE FROM trunkline.session_values WHERE session_key = ? AND name = ?
      """;

  private BelongingRows() {}

  static Work<StoreOutcome> subscribe(SessionKey session, String uri, int subscriptionsMax) {
    return SqlWork.query(
        SUBSCRIBE,
        s -> {
          s.setLong(1, session.value());
          s.setInt(2, subscriptionsMax);
          s.setString(3, uri);
          s.setLong(4, session.value());
          s.setString(5, uri);
        },
        BelongingRows::kept);
  }

  private static StoreOutcome kept(ResultSet row) throws SQLException {
    row.next();
    if (!row.getBoolean(1)) {
      return StoreOutcome.GONE;
    }
    return row.getBoolean(2) ? StoreOutcome.DONE : StoreOutcome.FULL;
  }

  static Work<Integer> unsubscribe(SessionKey session, String uri) {
    return SqlWork.update(
        UNSUBSCRIBE,
        s -> {
          s.setString(1, uri);
          s.setLong(2, session.value());
        });
  }

  static Work<Map<String, Set<SessionKey>>> subscribers(Collection<String> uris) {
    return SqlWork.query(
        SUBSCRIBERS,
        s -> s.setArray(1, texts(s.getConnection(), uris)),
        rows -> {
          var subscribers = new HashMap<String, Set<SessionKey>>();
          while (rows.next()) {
            subscribers
                .computeIfAbsent(rows.getString(1), _ -> new HashSet<>())
                .add(new SessionKey(rows.getLong(2)));
          }
          return subscribers;
        });
  }

  static Work<Optional<String>> value(SessionKey session, String name) {
    return SqlWork.query(
        VALUE,
        s -> {
          s.setLong(1, session.value());
          s.setString(2, name);
        },
        row -> row.next() ? Optional.of(row.getString(1)) : Optional.empty());
  }

  static Work<StoreOutcome> put(SessionKey session, String name, String value, int valuesMax) {
    return SqlWork.query(
        PUT,
        s -> {
          s.setLong(1, session.value());
          s.setInt(2, valuesMax);
          s.setString(3, name);
          s.setLong(4, session.value());
          s.setString(5, name);
          s.setString(6, value);
        },
        BelongingRows::kept);
  }

  static Work<Integer> remove(SessionKey session, String name) {
    return SqlWork.update(
        REMOVE,
        s -> {
          s.setLong(1, session.value());
          s.setString(2, name);
        });
  }
}
