package trunkline.session;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import trunkline.store.Database;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseFailure;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.Interruption;

/// The removal of everything about one person: sessions and all that belongs to them, tasks,
/// messages. In bounded steps, while every instance serves, by the function that SQL callers have.
///
/// What lives is ended first (`ended by SQL`) and removed five seconds later, when whatever ran for
/// it has noticed. Repeatable at any point: what is gone is not found again, and not counted again.
public final class Purge {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long PAUSE_MILLIS = 500;
  private static final int ROWS_MAX = 1_000;
  private static final String LEFT = "left";
  private static final Set<String> ENDED = Set.of("sessions ended", "tasks cancelled");

  private final PurgeRows rows;

  /// What was done.
  ///
  /// @param removed rows by table, and the sessions and tasks that were ended
  /// @param left sessions, tasks and elicitations that are still there: 0, unless the person came
  ///   back all the time
  public record Purged(Map<String, Integer> removed, int left) {}

  public Purge(Database database) {
    this.rows = new PurgeRows(database);
  }

  /// Goes on until nothing is left, for five minutes at most, in smaller steps where one is too
  /// large or meets a lock.
  ///
  /// @throws DatabaseFailure when not even the last step could be made; what was removed is gone
  public Purged run(Principal principal) {
    var until = System.nanoTime() + PATIENCE.toNanos();
    var removed = new LinkedHashMap<String, Integer>();
    var rowsMax = ROWS_MAX;
    while (true) {
      Map<String, Integer> step;
      try {
        step = new LinkedHashMap<>(rows.step(principal, rowsMax));
      } catch (DatabaseBusy | DatabaseUnavailable e) {
        if (System.nanoTime() - until >= 0) {
          throw e;
        }
        rowsMax = Math.max(1, rowsMax / 2);
        pause();
        continue;
      }
      var left = step.getOrDefault(LEFT, 0);
      step.remove(LEFT);
      step.forEach((what, number) -> removed.merge(what, number, Integer::sum));
      if (left == 0 || System.nanoTime() - until >= 0) {
        return new Purged(Collections.unmodifiableMap(removed), left);
      }
      step.keySet().removeAll(ENDED);
      if (step.values().stream().allMatch(number -> number == 0)) {
        pause(); // what was ended is removed later, and whoever comes back is no reason to hurry
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw Interruption.restored("interrupted while purging", e);
    }
  }
}
