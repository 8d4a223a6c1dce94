package trunkline.session;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import trunkline.store.Database;
import trunkline.store.Interruption;

/// The removal of everything about one person: sessions and all that belongs to them, tasks,
/// messages. In bounded steps, while every instance serves, by the function that SQL callers have.
///
/// What lives is ended first (`ended by SQL`) and removed five seconds later, when whatever ran for
/// it has noticed. Repeatable at any point: what is gone is not found again, and not counted again.
public final class Purge {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long PAUSE_MILLIS = 500;
  private static final String LEFT = "left";

  private final PurgeRows rows;

  /// What was done.
  ///
  /// @param removed rows by table, and the sessions and tasks that were ended
  /// @param left sessions, tasks and elicitations that are still there: 0, unless the person came
  ///   back all the time, or somebody kept rows locked
  public record Purged(Map<String, Integer> removed, int left) {}

  public Purge(Database database) {
    this.rows = new PurgeRows(database);
  }

  /// Goes on until nothing is left, for five minutes at most.
  public Purged run(Principal principal) {
    var until = System.nanoTime() + PATIENCE.toNanos();
    var removed = new LinkedHashMap<String, Integer>();
    while (true) {
      var step = new LinkedHashMap<>(rows.step(principal));
      var left = step.getOrDefault(LEFT, 0);
      step.remove(LEFT);
      step.forEach((what, number) -> removed.merge(what, number, Integer::sum));
      if (left == 0 || System.nanoTime() - until >= 0) {
        return new Purged(Collections.unmodifiableMap(removed), left);
      }
      if (step.values().stream().allMatch(number -> number == 0)) {
        pause();
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
