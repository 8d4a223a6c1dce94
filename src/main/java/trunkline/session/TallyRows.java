package trunkline.session;

import static trunkline.session.SessionTallyTable.SESSION_TALLY;

import java.time.Instant;
import java.util.Optional;
import trunkline.store.Database;
import trunkline.store.DatabaseClock;

/// Writes and reads `session_tally`.
final class TallyRows {
  private final Database database;

  /// A count, and when it was made.
  record Tally(long living, Instant at) {}

  TallyRows(Database database) {
    this.database = database;
  }

  Optional<Tally> read() {
    return database.run(sql ->
        sql.named("session_tally.read: counted by one for all")
            .select(SESSION_TALLY.LIVING, SESSION_TALLY.COUNTED_AT)
            .from(SESSION_TALLY)
            .fetchOptional(row ->
                new Tally(row.get(SESSION_TALLY.LIVING), row.get(SESSION_TALLY.COUNTED_AT))));
  }

  void write(long living) {
    var _ =
        database.run(sql ->
            sql.named("session_tally.write: at the end of each walk through the sessions")
                .update(SESSION_TALLY)
                .set(SESSION_TALLY.LIVING, living)
                .set(SESSION_TALLY.COUNTED_AT, DatabaseClock.now())
                .execute());
  }
}
