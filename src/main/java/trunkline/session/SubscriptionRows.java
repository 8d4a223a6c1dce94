package trunkline.session;

import static trunkline.store.SqlWork.texts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trunkline.store.Database;
import trunkline.store.Database.Work;
import trunkline.store.LockPatience;
import trunkline.store.SqlWork;

/// The only class that names the `subscriptions` table, beside the catch-up of announcements.
final class SubscriptionRows {
  private static final String ADD =
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
      SELECT EXISTS (SELECT FROM living) AS lives, (SELECT free FROM room) AS free
      """;

  private static final String REMOVE =
      """
      -- subscriptions.remove: an end in flight removes it too, so nothing is locked before it
      DELETE FROM trunkline.subscriptions WHERE uri = ? AND session_key = ?
      """;

  private static final String LIST =
      """
      -- subscriptions.list: what a client that missed updates is told to read again
      SELECT uri FROM trunkline.subscriptions WHERE session_key = ? ORDER BY uri LIMIT 1000
      """;

  private static final String FIND =
      """
      -- subscriptions.find: whom an update of these resources concerns
      SELECT uri, session_key FROM trunkline.subscriptions WHERE uri = ANY (?)
      """;

  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  SubscriptionRows(Database database) {
    this.database = database;
  }

  StoreOutcome add(SessionKey session, String uri, int subscriptionsMax) {
    return run(
        SqlWork.query(
            ADD,
            s -> {
              s.setLong(1, session.value());
              s.setInt(2, subscriptionsMax);
              s.setString(3, uri);
              s.setLong(4, session.value());
              s.setString(5, uri);
            },
            SubscriptionRows::stored));
  }

  private static StoreOutcome stored(ResultSet row) throws SQLException {
    row.next();
    return StoreOutcome.of(row.getBoolean("lives"), row.getBoolean("free"));
  }

  void remove(SessionKey session, String uri) {
    var _ =
        run(
            SqlWork.update(
                REMOVE,
                s -> {
                  s.setString(1, uri);
                  s.setLong(2, session.value());
                }));
  }

  List<String> list(SessionKey session) {
    return run(
        SqlWork.query(
            LIST,
            s -> s.setLong(1, session.value()),
            row -> {
              var uris = new ArrayList<String>();
              while (row.next()) {
                uris.add(row.getString("uri"));
              }
              return uris;
            }));
  }

  Map<String, Set<SessionKey>> find(Collection<String> uris) {
    return run(
        SqlWork.query(
            FIND,
            s -> s.setArray(1, texts(s.getConnection(), uris)),
            rows -> {
              var subscribers = new HashMap<String, Set<SessionKey>>();
              while (rows.next()) {
                subscribers
                    .computeIfAbsent(rows.getString("uri"), _ -> new HashSet<>())
                    .add(new SessionKey(rows.getLong("session_key")));
              }
              return subscribers;
            }));
  }

  private <T> T run(Work<T> work) {
    return PATIENCE.call(database, work);
  }
}
