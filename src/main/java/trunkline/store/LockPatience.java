package trunkline.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import trunkline.telemetry.Pulse;

/// The time for which a statement is repeated while another transaction locks its row.
///
/// `lock_timeout` ends each wait early, so that no statement queues behind it for long; nothing has
/// happened then, and the statement (one transaction, autocommitted) is simply run again. The
/// caller's thread pauses in between, longer each time, and holds no thread of the database's.
public record LockPatience(Duration max) {
  private static final long PAUSE_MIN_MILLIS = 10;
  private static final long PAUSE_MAX_MILLIS = 250;

  /// Runs the call. An interrupt ends the waiting, not a call that runs.
  ///
  /// @throws DatabaseBusy when the lock outlasts the patience
  public <T> T run(Database database, SqlCall<T> call) {
    return repeat(call, attempt -> database.run(attempt), false);
  }

  /// Runs the call and waits for it even when interrupted, as [Database#runToTheEnd].
  ///
  /// @throws DatabaseBusy when the lock outlasts the patience
  public <T> T runToTheEnd(Database database, SqlCall<T> call) {
    return repeat(call, attempt -> database.runToTheEnd(attempt), true);
  }

  /// Runs the call on a thread of its own, for a caller that does not wait.
  public <T> CompletableFuture<T> start(Database database, SqlCall<T> call) {
    return CompletableFuture.supplyAsync(
        () -> run(database, call), work -> Thread.ofVirtual().name("lock-patience").start(work));
  }

  @FunctionalInterface
  private interface Running<T> {
    T run(SqlCall<T> call);
  }

  private <T> T repeat(SqlCall<T> call, Running<T> running, boolean toTheEnd) {
    var deadline = System.nanoTime() + max.toNanos();
    var pause = PAUSE_MIN_MILLIS;
    while (true) {
      Pulse.beat();
      try {
        return running.run(call);
      } catch (DatabaseBusy e) {
        if (System.nanoTime() - deadline >= 0) {
          throw e;
        }
      }
      if (toTheEnd) {
        pauseToTheEnd(pause);
      } else {
        pause(pause);
      }
      pause = Math.min(2 * pause, PAUSE_MAX_MILLIS);
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(jittered(millis));
    } catch (InterruptedException e) {
      throw Interruption.restored("interrupted while waiting for a lock", e);
    }
  }

  /// An interrupt stays set, and does not shorten the pauses.
  private static void pauseToTheEnd(long millis) {
    var interrupted = Thread.interrupted();
    try {
      TimeUnit.MILLISECONDS.sleep(jittered(millis));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// So that those who met the same lock do not return together.
  private static long jittered(long millis) {
    return ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
  }
}
