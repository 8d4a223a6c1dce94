package trunkline.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import trunkline.store.SqlText;

/// What keeps the history from being emptied: a slot is truncated under a lock that every open
/// transaction that ever read it stands in the way of, and until then the current one grows.
///
/// @param patience with a reader
record BlockedSlots(Duration patience) {
  private static final String NAME = "slots";

  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.slots: whose transactions hold the leaves, the oldest first
          SELECT string_agg(DISTINCT c.relname, ', ')::text AS what, l.pid, a.application_name AS application,
                 coalesce(a.usename, p.owner)::text AS role, a.query, p.gid AS prepared,
                 max(extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, p.prepared)))::bigint AS seconds
            FROM pg_locks l
            JOIN pg_class c ON c.oid = l.relation
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'trunkline'
            LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            LEFT JOIN pg_prepared_xacts p ON l.pid IS NULL AND l.virtualtransaction = '-1/' || p.transaction
           WHERE l.granted AND l.locktype = 'relation' AND l.pid IS DISTINCT FROM pg_backend_pid()
             AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND c.relkind = 'r' AND c.relname ~ '^(outbound_messages|publish_batches|audit_records)_[0-7]$'
             AND coalesce(a.xact_start, p.prepared, '-infinity') < clock_timestamp() - :patience
           GROUP BY l.pid, a.application_name, a.usename, p.owner, a.query, p.gid
           ORDER BY seconds DESC NULLS LAST LIMIT 20
          """,
          Holder.WHAT,
          Holder.PID,
          Holder.APPLICATION,
          Holder.ROLE,
          Holder.QUERY,
          Holder.PREPARED,
          Holder.SECONDS);

  List<Finding> look(Patient patient) {
    var findings = new ArrayList<Finding>();
    for (var holder :
        patient.ask(sql -> sql.text(READ).set("patience", patience).fetch(Holder::of))) {
      var found = "%s cannot be emptied: %s".formatted(holder.what(), holder.description());
      findings.add(
          holder.seconds().isEmpty()
              ? Finding.note(NAME, found, holder.remedy()) // it may have begun just now
              : Finding.warning(NAME, found, holder.remedy()));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(NAME, "nobody holds one for longer than " + patience.toSeconds() + " s"));
    }
    return findings;
  }
}
