package trunkline.cluster;

import java.time.Duration;
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

  private final Database database;

  ControlRows(Database database) {
    this.database = database;
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
