package trunkline.store;

import java.time.Duration;
import trunkline.telemetry.Pulse;

/// Holds a request while the database is away or busy instead of refusing it at once: the reference
/// clients give up for good after two quick failures (delivery: S6).
public record OutagePatience(Duration limit) {
  private static final long PAUSE_MILLIS = 250;

  /// The work of a request in the layers below; must be repeatable.
  @FunctionalInterface
  public interface Question<T> {
    T ask() throws InterruptedException;
  }

  public <T> T call(Question<T> question) throws InterruptedException {
    var until = Clockwork.nanos() + limit.toNanos();
    while (true) {
      Pulse.beat();
      try {
        return question.ask();
      } catch (DatabaseUnavailable | DatabaseBusy e) {
        if (Clockwork.nanos() - until >= 0) {
          throw e;
        }
      }
      Clockwork.pause(PAUSE_MILLIS);
    }
  }
}
