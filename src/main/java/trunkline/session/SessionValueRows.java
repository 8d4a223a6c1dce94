package trunkline.session;

import static trunkline.session.SessionValuesTable.SESSION_VALUES;
import static trunkline.session.SessionsTable.SESSIONS;

import java.time.Duration;
import java.util.Optional;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// Reads and writes `session_values`.
final class SessionValueRows {
  private static final SqlText PUT =
      SqlText.of(
          """
          -- session_values.put: KEY SHARE waits for an end in flight, and an end waits for it
          WITH living AS MATERIALIZED (
                 SELECT session_key FROM trunkline.sessions
                  WHERE session_key = :session_key AND ended_at IS NULL FOR KEY SHARE),
               room AS (
                 SELECT count(*) < :values_max OR coalesce(bool_or(name = :name), false) AS free
                   FROM trunkline.session_values WHERE session_key = :session_key),
               added AS (
                 INSERT INTO trunkline.session_values (name, value, session_key)
                 SELECT :name, :value, session_key FROM living WHERE (SELECT free FROM room)
                 ON CONFLICT (session_key, name) DO UPDATE SET value = excluded.value)
          SELECT EXISTS (SELECT FROM living) AS lives, (SELECT free FROM room) AS free
          """,
          StoreOutcome.LIVES,
          StoreOutcome.FREE);

  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  SessionValueRows(Database database) {
    this.database = database;
  }

  Optional<String> find(SessionKey session, String name) {
    return PATIENCE.run(
        database,
        sql ->
            sql.named("session_values.find: an ended session has none")
                .select(SESSION_VALUES.VALUE)
                .from(SESSION_VALUES)
                .join(SESSIONS)
                .on(SESSIONS.SESSION_KEY.eq(SESSION_VALUES.SESSION_KEY))
                .where(SESSION_VALUES.SESSION_KEY.eq(session))
                .and(SESSION_VALUES.NAME.eq(name))
                .and(SESSIONS.ENDED_AT.isNull())
                .fetchOptional(SESSION_VALUES.VALUE));
  }

  StoreOutcome put(SessionKey session, String name, String value, int valuesMax) {
    return PATIENCE.run(
        database,
        sql ->
            sql.text(PUT)
                .set(SESSION_VALUES.SESSION_KEY, session)
                .set("values_max", valuesMax)
                .set(SESSION_VALUES.NAME, name)
                .set(SESSION_VALUES.VALUE, value)
                .single(StoreOutcome::of));
  }

  /// False when there was none.
  boolean remove(SessionKey session, String name) {
    return 1
        == PATIENCE.run(
            database,
            sql ->
                sql.named(
                        "session_values.remove: an end in flight removes it too, so nothing is locked before it")
                    .deleteFrom(SESSION_VALUES)
                    .where(SESSION_VALUES.SESSION_KEY.eq(session))
                    .and(SESSION_VALUES.NAME.eq(name))
                    .execute());
  }
}
