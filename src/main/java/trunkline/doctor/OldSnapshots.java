package trunkline.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import trunkline.store.SqlText;

/// What keeps vacuum from cleaning up: rows that are updated for every beat and every position
/// leave dead ones behind, for as long as somebody may still see them.
///
/// @param patience with a transaction
record OldSnapshots(Duration patience) {
  private static final String NAME = "vacuum";

  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.snapshots: transactions and replication slots that hold back what may be cleaned up
          SELECT 'a transaction' AS what, a.pid, a.application_name AS application, a.usename::text AS role, a.query, '' AS prepared,
                 extract(epoch FROM clock_timestamp() - a.xact_start)::bigint AS seconds
            FROM pg_stat_activity a
           WHERE (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL) AND a.pid <> pg_backend_pid()
             AND a.xact_start < clock_timestamp() - :patience AND coalesce(a.datname = current_database(), true)
          UNION ALL
          SELECT 'a prepared transaction', 0, '', p.owner::text, '', p.gid,
                 extract(epoch FROM clock_timestamp() - p.prepared)::bigint
            FROM pg_prepared_xacts p WHERE p.database = current_database() AND p.prepared < clock_timestamp() - :patience
          UNION ALL
          SELECT 'a replication slot', 0, '', '', s.slot_name::text, '', NULL
            FROM pg_replication_slots s WHERE NOT s.active AND (s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL OR s.restart_lsn IS NOT NULL)
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
      findings.add(
          holder.what().equals("a replication slot")
              ? replication(holder.query())
              : Finding.warning(
                  NAME, "dead rows are kept by " + holder.description(), holder.remedy()));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(NAME, "no transaction is older than " + patience.toMinutes() + " min"));
    }
    return findings;
  }

  private static Finding replication(String slot) {
    return Finding.warning(
        NAME,
        "nobody reads the replication slot %s, which keeps dead rows and the log of the server"
            .formatted(slot),
        "let its standby return, or: select pg_drop_replication_slot('%s')"
            .formatted(slot.replace("'", "''")));
  }
}
