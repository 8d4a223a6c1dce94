package trunkline.protocol;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import trunkline.store.DatabaseUnavailable;

/// Holds a request while the database is away instead of refusing it at once: the reference clients
/// give up for good after two quick failures (delivery: S6).
record Patience(Duration limit) {
  private static final long PAUSE_MILLIS = 250;

  /// What a request asks of the layers below; must bear being repeated.
  interface Question<T> {
    T ask() throws InterruptedException;
  }

  <T> T call(Question<T> question) throws InterruptedException {
    var until = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        return question.ask();
      } catch (DatabaseUnavailable e) {
        if (System.nanoTime() - until >= 0) {
          throw e;
        }
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }
}
