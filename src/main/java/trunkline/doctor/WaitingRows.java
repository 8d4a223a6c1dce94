package trunkline.doctor;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.util.Objects;
import org.jooq.Field;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// What waits for an instance to do something about it.
final class WaitingRows {
  private static final Field<Integer> SLOT = column("slot", INTEGER);
  private static final Field<Long> SECONDS = column("seconds", BIGINT);
  private static final Field<Long> DUE = column("due", BIGINT);
  private static final Field<Boolean> SERVED = column("served", BOOLEAN);
  private static final Field<Long> NUMBER = column("number", BIGINT);

  private static final SqlText SLOT_READ =
      SqlText.of(
          """
          -- doctor.slot: for how long it has been written, and would be; an instance moves on within a minute of that
          SELECT c.current_slot::int AS slot, extract(epoch FROM clock_timestamp() - c.slot_opened_at)::bigint AS seconds,
                 extract(epoch FROM trunkline.history_age() / 6 + interval '2 minutes')::bigint AS due,
                 EXISTS (SELECT FROM trunkline.instance_directory WHERE state = 'ready') AS served
            FROM trunkline.control c
          """,
          SLOT,
          SECONDS,
          DUE,
          SERVED);

  private static final SqlText OUTBOX_READ =
      SqlText.of(
          """
          -- doctor.outbox: what SQL callers handed in and nobody has carried out
          SELECT count(*) AS number, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::bigint AS seconds
            FROM (SELECT created_at FROM trunkline.outbox ORDER BY outbox_id LIMIT 1000) oldest
          """,
          NUMBER,
          SECONDS);

  private WaitingRows() {}

  /// The slot that is written.
  ///
  /// @param served whether an instance is there to move on
  record Slot(int number, long seconds, long dueSeconds, boolean served) {
    boolean isOverdue() {
      return served && seconds > dueSeconds;
    }
  }

  /// @param number of rows, of which no more than a thousand are counted
  /// @param seconds the age of the oldest
  record Outbox(long number, long seconds) {}

  static Slot slot(Sql sql) {
    return sql.text(SLOT_READ)
        .optional(row ->
            new Slot(
                Objects.requireNonNullElse(row.get(SLOT), 0),
                Objects.requireNonNullElse(row.get(SECONDS), 0L),
                Objects.requireNonNullElse(row.get(DUE), 0L),
                Objects.requireNonNullElse(row.get(SERVED), false)))
        .orElse(new Slot(0, 0, 0, false)); // another check says that the row is gone
  }

  static Outbox outbox(Sql sql) {
    return sql.text(OUTBOX_READ)
        .single(row ->
            new Outbox(
                Objects.requireNonNullElse(row.get(NUMBER), 0L),
                Objects.requireNonNullElse(row.get(SECONDS), 0L)));
  }
}
