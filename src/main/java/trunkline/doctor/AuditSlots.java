package trunkline.doctor;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.store.SqlText;

/// Whether the record of what clients do moves on, and is whole.
final class AuditSlots {
  private static final String NAME = "audit";

  private static final Field<Integer> SLOT = SqlText.column("slot", SQLDataType.INTEGER);
  private static final Field<Long> OPEN = SqlText.column("open_seconds", SQLDataType.BIGINT);
  private static final Field<Long> DUE = SqlText.column("due_seconds", SQLDataType.BIGINT);
  private static final Field<Long> LOST = SqlText.column("lost_lately", SQLDataType.BIGINT);

  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.audit: for how long the written slot is open, and when it was to be left
          SELECT slot, extract(epoch FROM clock_timestamp() - opened_at)::bigint AS open_seconds,
                 extract(epoch FROM kept_for / 6)::bigint AS due_seconds, lost_lately
            FROM trunkline.audit_slot_directory WHERE written
          """,
          SLOT,
          OPEN,
          DUE,
          LOST);

  private AuditSlots() {}

  static List<Finding> look(Patient patient) {
    var findings = new ArrayList<Finding>();
    patient
        .ask(sql ->
            sql.text(READ)
                .fetch(row -> found(row.get(SLOT), row.get(OPEN), row.get(DUE), row.get(LOST))))
        .forEach(findings::addAll);
    if (findings.isEmpty()) {
      findings.add(
          Finding.warning(
              NAME,
              "no slot of the record is open, so nothing can be recorded",
              "as the owner open one again: opened_at = now(), closed_at = null for slot 0 in the table of the record's slots (db/README.md)"));
    }
    return findings;
  }

  private static List<Finding> found(int slot, long open, long due, long lost) {
    var findings = new ArrayList<Finding>();
    if (due > 0 && open > 2 * due) {
      findings.add(
          Finding.warning(
              NAME,
              "slot %d of the record is written since %d s and should have been left after %d s"
                  .formatted(slot, open, due),
              "end what reads the record, where this report names somebody; then: select * from trunkline.sweep()"));
    }
    if (lost > 0) {
      findings.add(
          Finding.warning(
              NAME,
              lost + " records of a day could not be written",
              "the instances say why in their logs (audit lost)"));
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(NAME, "slot %d of the record is written".formatted(slot)))
        : findings;
  }
}
