package trunkline.cluster;

import static trunkline.store.Database.sql;

import java.sql.Connection;
import java.util.Objects;
import java.util.OptionalInt;

/// The `control` table as this package writes it.
final class ControlRows {
  private static final String NOTE_ID_HIGH =
      """
      -- control.noteIdHigh: only when it grew, since every batch reads the row
      with used as materialized (  -- else it would be a join, which locks rows, which a sequence has none of
             select trunkline.id_prefix() | last_value as id from trunkline.event_seq where is_called)
      update trunkline.control set id_high = used.id from used where used.id > id_high
      """;

  private static final String RAISE_ID_BASE =
      """
      -- control.raiseIdBase: so that no id is issued that is not above every earlier one
      select base, raised from trunkline.raise_id_base()
      """;

  private ControlRows() {}

  static int noteIdHigh(Connection connection) {
    return sql(connection).execute(NOTE_ID_HIGH);
  }

  /// Raises the base when ids would run backwards.
  ///
  /// @return the new base, if it had to be raised
  static OptionalInt raiseIdBase(Connection connection) {
    var row = sql(connection).fetchSingle(RAISE_ID_BASE);
    return Objects.requireNonNull(row.get("raised", Boolean.class))
        ? OptionalInt.of(Objects.requireNonNull(row.get("base", Integer.class)))
        : OptionalInt.empty();
  }
}
