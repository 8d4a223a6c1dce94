package trunkline.store;

import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.SQLDataType;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The transactions that keep others waiting, looked for when a statement met a lock: an operator
/// needs the process to ask about, and one line a second says as much as a thousand.
final class Blockers {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private static final Field<String> BLOCKER =
      SqlText.column("blocker", SQLDataType.CLOB.nullable(false));

  /// Whoever is waited for comes first; else, since the wait is over by now, the oldest transaction
  /// that holds a lock on one of our tables.
  private static final SqlText FIND =
      SqlText.of(
          """
          -- pg_locks.blockers: who is in the way
          WITH waited_for AS MATERIALIZED (
                 SELECT DISTINCT unnest(pg_blocking_pids(l.pid)) AS pid
                   FROM pg_locks l WHERE NOT l.granted)
          SELECT format('process %s (user %s, application "%s", %s for %s s) holds %s on %s', a.pid, a.usename,
                        a.application_name, coalesce(a.state, 'state not shown to this role'),
                        coalesce(round(extract(epoch FROM clock_timestamp() - a.xact_start), 1)::text, '?'),
                        string_agg(DISTINCT l.mode, ', '), string_agg(DISTINCT c.relname::text, ', ')) AS blocker
            FROM pg_locks l
            JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p')
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'trunkline'
            JOIN pg_stat_activity a ON a.pid = l.pid
            LEFT JOIN waited_for w ON w.pid = l.pid
           WHERE l.granted AND l.pid <> pg_backend_pid() AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           GROUP BY a.pid, a.usename, a.application_name, a.state, a.xact_start, w.pid
           ORDER BY w.pid IS NULL, a.xact_start NULLS LAST
           LIMIT 1
          """,
          BLOCKER);

  private final EventSink events;
  private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

  Blockers(EventSink events) {
    this.events = events;
  }

  /// Reports who is in the way, on the connection whose statement failed.
  void report(Connection connection, String statement, DatabaseFailure failure) {
    events.emit(new ServerEvent.StatementBusy(statement));
    var next = nextNanos.get();
    var now = System.nanoTime();
    if (now - next < 0 || !nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
      return;
    }
    events.emit(
        new ServerEvent.DatabaseBusy(String.valueOf(failure.getMessage()), find(connection)));
  }

  private static String find(Connection connection) {
    try {
      return new Sql(connection)
          .text(FIND)
          .optional(row -> row.get(BLOCKER))
          .orElse("nobody any more");
    } catch (DataAccessException e) {
      return "unknown";
    }
  }
}
