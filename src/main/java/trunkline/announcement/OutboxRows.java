package trunkline.announcement;

import java.time.Duration;
import java.util.List;
import trunkline.signal.Wakes;
import trunkline.store.Database;
import trunkline.store.LockPatience;

/// Moves the rows of `outbox`, which is a function of the migrations.
final class OutboxRows {
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(1));

  private final Database database;

  /// The fate of some rows.
  ///
  /// @param dropped those of the moved whose session was gone, or that cannot be sent
  /// @param refused those that cannot be sent: number, kind and fault
  record Moved(int moved, int dropped, List<String> refused, Wakes wakes) {}

  OutboxRows(Database database) {
    this.database = database;
  }

  /// Moves the oldest rows on, each once, however many movers there are.
  Moved move(int rowsMax) {
    var heading = "outbox.move: one mover at a time, each row exactly once";
    return PATIENCE.run(
        database,
        sql -> {
          var answer = Routines.emptyOutbox(sql.routine(heading), rowsMax);
          return new Moved(
              answer.getMoved(),
              answer.getDropped(),
              List.of(answer.getRefused()),
              answer.getWakes());
        });
  }
}
