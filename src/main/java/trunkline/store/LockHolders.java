package trunkline.store;

import static org.jooq.impl.SQLDataType.CLOB;

import java.time.Duration;
import java.util.stream.Collectors;
import org.jooq.Field;

/// The transactions in the way of a statement that did not get its table, for people.
final class LockHolders {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private static final Field<String> HOLDER = SqlText.column("holder", CLOB);

  /// `pg_blocking_pids` knows only while somebody waits; whoever made an attempt time out holds its
  /// lock still. A role without `pg_monitor` does not see since when others hold.
  private static final SqlText FIND =
      SqlText.of(
          """
          -- pg_locks.holders: who holds the tables that a migration names, for longer than it waits
          SELECT format('%s is held by pid %s (%s%s)', coalesce(string_agg(DISTINCT c.relname, ', '), 'the lock of migrations'),
                        a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, 'unknown'),
                        ', ' || a.state || ', in a transaction since ' || to_char(a.xact_start, 'HH24:MI:SS TZ')) AS holder
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            LEFT JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p') AND c.relnamespace = to_regnamespace('trunkline')
           WHERE l.granted AND a.datname = current_database() AND a.pid <> pg_backend_pid()
             AND CASE WHEN :statement = '' THEN l.locktype = 'advisory' AND a.application_name = 'trunkline-migrate'
                      ELSE c.relname IS NOT NULL AND :statement ~* ('trunkline\\.' || c.relname || '\\M') END
           GROUP BY a.pid, a.application_name, a.usename, a.state, a.xact_start
           ORDER BY a.xact_start LIMIT 3
          """,
          HOLDER);

  private LockHolders() {}

  /// Says so where nobody is found: a lock may be gone by now.
  static String of(Connections connections, String statement) {
    try (var line = new DirectConnection(connections, "trunkline-migrate-look", ANSWER_MAX)) {
      var holders =
          line.run(sql -> sql.text(FIND).set("statement", statement).fetch(row -> row.get(HOLDER)));
      return holders.isEmpty()
          ? "whoever was in the way is gone"
          : holders.stream().collect(Collectors.joining("; "));
    } catch (DatabaseFailure e) {
      return "who is in the way is unknown: " + e.getMessage();
    }
  }
}
