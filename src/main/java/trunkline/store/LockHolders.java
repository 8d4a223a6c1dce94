package trunkline.store;

import static org.jooq.impl.SQLDataType.CLOB;

import java.time.Duration;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;

/// The transactions in the way of a statement that met a lock, for people.
public final class LockHolders {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final String UNKNOWN = "who is in the way is unknown";

  private static final Field<String> HOLDER = SqlText.column("holder", CLOB);

  /// `pg_blocking_pids` knows only while somebody waits; whoever made an attempt time out holds its
  /// lock still, and is most likely the oldest. A role without `pg_monitor` does not see since when
  /// others hold.
  private static final SqlText FIND =
      SqlText.of(
          """
          -- pg_locks.holders: who is in the way of a statement, or of any of ours
          WITH waited_for AS MATERIALIZED (
                 SELECT DISTINCT unnest(pg_blocking_pids(l.pid)) AS pid FROM pg_locks l WHERE NOT l.granted)
          SELECT format('%s is held by pid %s (%s%s)', coalesce(string_agg(DISTINCT c.relname, ', '), 'the lock of migrations'),
                        a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, 'unknown'),
                        ', ' || a.state || ', in a transaction since ' || to_char(a.xact_start, 'HH24:MI:SS TZ')) AS holder
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            LEFT JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p') AND c.relnamespace = to_regnamespace('trunkline')
            LEFT JOIN waited_for w ON w.pid = l.pid
           WHERE l.granted AND a.datname = current_database() AND a.pid <> pg_backend_pid()
             AND (c.relname IS NOT NULL OR l.locktype = 'advisory' AND a.application_name = 'trunkline-migrate')
             AND (:statement = '' OR :statement ~* ('trunkline\\.' || c.relname || '\\M'))
           GROUP BY a.pid, a.application_name, a.usename, a.state, a.xact_start, w.pid
           ORDER BY w.pid IS NULL, a.xact_start LIMIT 3
          """,
          HOLDER);

  private LockHolders() {}

  /// Those that hold a table which the statement names, on a connection of its own.
  public static String of(Connections connections, String statement) {
    try (var line = new DirectConnection(connections, "trunkline-migrate-look", ANSWER_MAX)) {
      return line.run(sql -> of(sql, statement));
    } catch (DatabaseFailure e) {
      return UNKNOWN + ": " + e.getMessage();
    }
  }

  /// Those that hold any table of ours, on the connection given.
  static String any(Sql sql) {
    try {
      return of(sql, "");
    } catch (DataAccessException e) {
      return UNKNOWN;
    }
  }

  private static String of(Sql sql, String statement) {
    var holders =
        sql.text(FIND).set("statement", statement).fetch(row -> row.get(HOLDER)).stream()
            .collect(Collectors.joining("; "));
    return holders.isEmpty() ? "whoever was in the way is gone" : holders;
  }
}
