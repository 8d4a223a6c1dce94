package trunkline.exchange;

import static org.jooq.impl.DSL.select;
import static trunkline.exchange.UrlElicitationsTable.URL_ELICITATIONS;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.session.Principal;
import trunkline.session.SessionKey;
import trunkline.store.Database;
import trunkline.store.DatabaseClock;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// Reads and writes `url_elicitations`.
final class UrlElicitationRows {
  private static final Field<Long> ORD = SqlText.column("ord", SQLDataType.BIGINT);
  private static final Field<Boolean> COMPLETED = SqlText.column("completed", SQLDataType.BOOLEAN);

  private static final SqlText OPEN =
      SqlText.of(
          """
          -- url_elicitations.open: for a session that lives; they belong to its principal. A repetition counts what it stored
          INSERT INTO trunkline.url_elicitations AS e (elicitation_id, session_key, principal, expires_at)
          SELECT i.elicitation_id, s.session_key, s.principal, clock_timestamp() + :lifetime
            FROM trunkline.sessions s CROSS JOIN (SELECT DISTINCT unnest(:ids::text[]) AS elicitation_id) i
           WHERE s.session_key = :session_key AND s.ended_at IS NULL
          ON CONFLICT (elicitation_id) DO UPDATE SET elicitation_id = excluded.elicitation_id
           WHERE e.session_key = excluded.session_key
          """);

  private static final SqlText OPEN_FOR =
      SqlText.of(
          """
          -- url_elicitations.open_for: for a principal whose request has no session. A repetition counts what it stored
          INSERT INTO trunkline.url_elicitations AS e (elicitation_id, principal, expires_at)
          SELECT i.elicitation_id, :principal, clock_timestamp() + :lifetime
            FROM (SELECT DISTINCT unnest(:ids::text[]) AS elicitation_id) i
          ON CONFLICT (elicitation_id) DO UPDATE SET elicitation_id = excluded.elicitation_id
           WHERE e.principal = excluded.principal AND e.session_key IS NULL
          """);

  private static final SqlText DECIDED =
      SqlText.of(
          """
          -- url_elicitations.decided: completed, or never to be: unknown, expired, or nobody is left to be told; locks nothing
          SELECT a.ord, e.completed_at IS NOT NULL AS completed
            FROM unnest(:ids::text[], :principals::text[]) WITH ORDINALITY a(elicitation_id, principal, ord)
            LEFT JOIN trunkline.url_elicitations e
              ON e.elicitation_id = a.elicitation_id AND e.principal = a.principal
            LEFT JOIN trunkline.sessions s ON s.session_key = e.session_key AND s.ended_at IS NULL
           WHERE e.completed_at IS NOT NULL OR e.elicitation_id IS NULL OR e.expires_at <= clock_timestamp()
              OR (e.session_key IS NOT NULL AND s.session_key IS NULL)
          """,
          ORD,
          COMPLETED);

  /// A completion must not be lost because its row is locked for a moment.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  /// A page, and the principal that asks for it.
  record Asked(String id, String principal) {}

  UrlElicitationRows(Database database) {
    this.database = database;
  }

  /// The number that was stored: none when the session has ended.
  int open(SessionKey session, List<String> ids, Duration lifetime) {
    return database.run(sql ->
        sql.text(OPEN)
            .set("lifetime", lifetime)
            .all("ids", URL_ELICITATIONS.ELICITATION_ID, ids)
            .set(URL_ELICITATIONS.SESSION_KEY, session)
            .execute());
  }

  /// The number that was stored; an id that is another's is not.
  int open(Principal principal, List<String> ids, Duration lifetime) {
    return database.run(sql ->
        sql.text(OPEN_FOR)
            .set("lifetime", lifetime)
            .all("ids", URL_ELICITATIONS.ELICITATION_ID, ids)
            .set(URL_ELICITATIONS.PRINCIPAL, principal.name())
            .execute());
  }

  CompletableFuture<Integer> withdraw(String id) {
    return PATIENCE.start(
        database,
        sql ->
            sql.named("url_elicitations.withdraw: the user does not go there")
                .update(URL_ELICITATIONS)
                .set(URL_ELICITATIONS.EXPIRES_AT, DatabaseClock.now())
                .where(URL_ELICITATIONS.ELICITATION_ID.eq(id))
                .and(URL_ELICITATIONS.COMPLETED_AT.isNull())
                .and(URL_ELICITATIONS.EXPIRES_AT.gt(DatabaseClock.now()))
                .execute());
  }

  boolean complete(String id, String principal) {
    var heading = "url_elicitations.complete: the mark and the notification in one transaction";
    return Boolean.TRUE.equals(
        PATIENCE.run(
            database, sql -> Routines.completeElicitation(sql.routine(heading), id, principal)));
  }

  /// The decided ones among them: whether they were completed.
  Map<Asked, Boolean> decided(List<Asked> asked) {
    var rows =
        database.run(sql ->
            sql.text(DECIDED)
                .all("ids", URL_ELICITATIONS.ELICITATION_ID, asked, Asked::id)
                .all("principals", URL_ELICITATIONS.PRINCIPAL, asked, Asked::principal)
                .rows());
    var decided = new HashMap<Asked, Boolean>();
    for (var row : rows) {
      decided.put(asked.get(row.get(ORD).intValue() - 1), row.get(COMPLETED));
    }
    return decided;
  }

  int remove(Duration age, int rowsMax) {
    return database.run(sql ->
        sql.named("url_elicitations.remove: past the time in which a handler would ask for it")
            .deleteFrom(URL_ELICITATIONS)
            .where(
                URL_ELICITATIONS.ELICITATION_ID.in(
                    select(URL_ELICITATIONS.ELICITATION_ID)
                        .from(URL_ELICITATIONS)
                        .where(URL_ELICITATIONS.EXPIRES_AT.lt(DatabaseClock.ago(age)))
                        .orderBy(URL_ELICITATIONS.EXPIRES_AT)
                        .limit(rowsMax)
                        .forUpdate()
                        .skipLocked()))
            .execute());
  }
}
