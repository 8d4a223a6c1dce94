package trunkline.session;

import static org.jooq.Records.mapping;
import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.when;
import static trunkline.session.SessionsTable.SESSIONS;

import java.time.Duration;
import java.util.Optional;
import trunkline.session.SessionRoots.Known;
import trunkline.store.Database;
import trunkline.store.LockPatience;

/// Reads and writes the client's roots in a session's row.
final class RootRows {
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  RootRows(Database database) {
    this.database = database;
  }

  /// Empty when the session has ended.
  Optional<Known> find(SessionKey session) {
    return PATIENCE.run(
        database,
        sql ->
            sql.named(
                    "sessions.roots: read when they are wanted, so nobody has to be told that they changed")
                .select(
                    SESSIONS.ROOTS_VERSION,
                    when(SESSIONS.ROOTS_ASKED.eq(SESSIONS.ROOTS_VERSION), SESSIONS.ROOTS))
                .from(SESSIONS)
                .where(SESSIONS.SESSION_KEY.eq(session))
                .and(SESSIONS.ENDED_AT.isNull())
                .fetchOptional(
                    mapping((version, roots) -> new Known(version, Optional.ofNullable(roots)))));
  }

  /// Does nothing when the version is another by now.
  void keep(SessionKey session, int version, String roots) {
    var heading =
        "sessions.keep_roots: unless they changed after the version was read, and so perhaps after they were told";
    var _ =
        PATIENCE.run(
            database,
            sql ->
                sql.named(heading)
                    .update(SESSIONS)
                    .set(SESSIONS.ROOTS_ASKED, SESSIONS.ROOTS_VERSION)
                    .set(SESSIONS.ROOTS, roots)
                    .where(SESSIONS.SESSION_KEY.eq(session))
                    .and(SESSIONS.ENDED_AT.isNull())
                    .and(SESSIONS.ROOTS_VERSION.eq(version))
                    .execute());
  }

  void expire(SessionKey session) {
    var heading =
        "sessions.roots_changed: stale everywhere with this commit; counting one notice twice changes nothing";
    var _ =
        PATIENCE.run(
            database,
            sql ->
                sql.named(heading)
                    .update(SESSIONS)
                    .set(SESSIONS.ROOTS_VERSION, SESSIONS.ROOTS_VERSION.plus(1))
                    .set(SESSIONS.ROOTS, castNull(SESSIONS.ROOTS))
                    .where(SESSIONS.SESSION_KEY.eq(session))
                    .and(SESSIONS.ENDED_AT.isNull())
                    .execute());
  }
}
