package trunkline.cluster;

import java.time.Duration;
import java.util.List;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// Writes this package's part of `control`.
final class ControlRows {
  private static final SqlText NOTE_ID_HIGH =
      SqlText.of(
          """
          -- control.note_id_high: only when it grew, since every batch reads the row; and that the server,
          -- which may have been started anew, is the one we know
          WITH used AS MATERIALIZED (  -- else it would be a join, which locks rows, which a sequence has none of
                 SELECT trunkline.id_prefix() | last_value AS id FROM trunkline.event_seq WHERE is_called)
          UPDATE trunkline.control c
             SET id_high = greatest(used.id, c.id_high), server_started = pg_postmaster_start_time()
            FROM used WHERE used.id > c.id_high OR c.server_started IS DISTINCT FROM pg_postmaster_start_time()
          """);

  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));
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

  /// Looks where the database is, and makes it issue nothing that anybody may know already.
  ///
  /// @param rewound whether the caller knows that it lost something, which may not be seen
  /// @param restores the number of restores that the caller knows of
  Adoption adopt(boolean rewound, int restores) {
    var heading =
        "control.adopt_database: so that no id is issued that is not above every earlier one";
    var answer =
        PATIENCE.run(
            database, sql -> Routines.adoptDatabase(sql.routine(heading), rewound, restores));
    return new Adoption(
        answer.getBase(), answer.getRaised(), answer.getRestored(), answer.getRestores());
  }
}
