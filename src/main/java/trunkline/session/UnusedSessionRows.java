package trunkline.session;

import static trunkline.session.SessionsTable.SESSIONS;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// The sessions page by page: which seem unused, and whether any may be forgotten. Candidates only;
/// whoever ends one asks again.
final class UnusedSessionRows {
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private static final String OF_PAGE_UNUSED =
      """
        FROM trunkline.sessions s
       WHERE s.session_key > :after AND s.session_key <= %s AND s.ended_at IS NULL
             AND (s.created_at + :lifetime <= clock_timestamp()
                  OR s.last_used_at + :idle <= clock_timestamp()
                 AND NOT EXISTS (SELECT FROM trunkline.streams t
                                  WHERE t.session_key = s.session_key
                                    AND (t.holder_instance IS NOT NULL
                                         OR t.closed_at + :idle > clock_timestamp()))
                 AND NOT EXISTS (SELECT FROM trunkline.calls c
                                  WHERE c.session_key = s.session_key
                                    AND (c.finished_at IS NULL
                                         OR c.finished_at + :idle > clock_timestamp())))\
      """;

  private static final SqlText UNUSED =
      SqlText.of(
          """
          -- sessions.unused: candidates of one page only; no index on last_used_at, it would end HOT updates. Those
          -- with an open stream or a running call do not take the places of others
          SELECT s.session_key
          %s
           ORDER BY s.session_key LIMIT :rows_max
          """
              .formatted(OF_PAGE_UNUSED.formatted(":through")),
          SESSIONS.SESSION_KEY);

  private static final Field<Long> END = SqlText.column("page_end", SQLDataType.BIGINT);
  private static final Field<Long> LIVING = SqlText.column("living", SQLDataType.BIGINT);
  private static final Field<Boolean> HAS_UNUSED = SqlText.column("unused", SQLDataType.BOOLEAN);
  private static final Field<Boolean> HAS_OLD = SqlText.column("old", SQLDataType.BOOLEAN);

  private static final SqlText PAGE =
      SqlText.of(
          """
          -- sessions.page: where the next page of a walk ends, if it is full, how many of it live, and whether the statements
          -- that end and forget would find something
          WITH page AS MATERIALIZED (
                 SELECT CASE WHEN count(*) = :rows THEN max(session_key) END AS page_end, count(*) FILTER (WHERE ended_at IS NULL) AS living
                   FROM (SELECT session_key, ended_at FROM trunkline.sessions WHERE session_key > :after ORDER BY session_key LIMIT :rows) p)
          SELECT page_end, living,
                 EXISTS (SELECT
          %s) AS unused,
                 EXISTS (SELECT FROM trunkline.sessions WHERE ended_at < (SELECT clock_timestamp() - :retention)) AS old
            FROM page
          """
              .formatted(
                  OF_PAGE_UNUSED.formatted(
                      "(SELECT coalesce(page_end, 9223372036854775807) FROM page)")),
          END,
          LIVING,
          HAS_UNUSED,
          HAS_OLD);

  private final Database database;

  UnusedSessionRows(Database database) {
    this.database = database;
  }

  /// @param end the key of its last row; empty when the table ends before it is full
  /// @param living how many of its sessions have not ended
  /// @param unused whether it has any that seems unused or too old
  /// @param old whether any, of whichever page, ended so long ago that it may be forgotten
  record Page(Optional<Long> end, long living, boolean unused, boolean old) {}

  /// The next page of a walk through all sessions.
  Page page(long after, int rows, Duration idle, Duration lifetime, Duration retention) {
    return PATIENCE.run(
        database,
        sql ->
            sql.text(PAGE)
                .set("after", after)
                .set("rows", rows)
                .set("idle", idle)
                .set("lifetime", lifetime)
                .set("retention", retention)
                .single(row ->
                    new Page(
                        Optional.ofNullable(row.get(END)),
                        row.get(LIVING),
                        row.get(HAS_UNUSED),
                        row.get(HAS_OLD))));
  }

  /// Sessions between two keys that seem unused or too old, at most so many.
  List<SessionKey> unused(long after, long through, Duration idle, Duration lifetime, int rowsMax) {
    return PATIENCE.run(
        database,
        sql ->
            sql.text(UNUSED)
                .set("after", after)
                .set("through", through)
                .set("lifetime", lifetime)
                .set("idle", idle)
                .set("rows_max", rowsMax)
                .fetch(row -> row.get(SESSIONS.SESSION_KEY)));
  }
}
