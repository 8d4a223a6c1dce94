package trunkline.cluster;

import java.util.List;
import java.util.OptionalInt;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.store.Database;
import trunkline.store.SqlText;

/// Writes this package's part of `control`.
final class ControlRows {
  private static final SqlText NOTE_ID_HIGH =
      SqlText.of(
          """
          -- control.note_id_high: only when it grew, since every batch reads the row
          WITH used AS MATERIALIZED (  -- else it would be a join, which locks rows, which a sequence has none of
                 SELECT trunkline.id_prefix() | last_value AS id FROM trunkline.event_seq WHERE is_called)
          UPDATE trunkline.control SET id_high = used.id FROM used WHERE used.id > id_high
          """);

  private static final Field<String> FAULT = SqlText.column("fault", SQLDataType.CLOB);
  private static final Field<Boolean> STOPS = SqlText.column("stops", SQLDataType.BOOLEAN);

  private static final SqlText FAULTS =
      SqlText.of(
          """
          -- control.faults: what a partial restore or an edit by hand left, and what mends it
          SELECT fault, stops FROM trunkline.control_faults()
          """,
          FAULT,
          STOPS);

  private final Database database;

  /// Something wrong with the rows that everything reads.
  ///
  /// @param sentence names the statement that mends it
  /// @param stops whether nothing can be stored until then
  record Fault(String sentence, boolean stops) {}

  ControlRows(Database database) {
    this.database = database;
  }

  List<Fault> faults() {
    return database.run(
        sql -> sql.text(FAULTS).fetch(row -> new Fault(row.get(FAULT), row.get(STOPS))));
  }

  int noteIdHigh() {
    return database.run(sql -> sql.text(NOTE_ID_HIGH).execute());
  }

  /// Raises the base when ids would run backwards.
  ///
  /// @return the new base, if it had to be raised
  OptionalInt raiseIdBase() {
    var heading =
        "control.raise_id_base: so that no id is issued that is not above every earlier one";
    var answer = database.run(sql -> Routines.raiseIdBase(sql.routine(heading)));
    return answer.getRaised() ? OptionalInt.of(answer.getBase()) : OptionalInt.empty();
  }
}
