package trunkline.schema;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;
import org.jspecify.annotations.Nullable;
import trunkline.store.Connections;
import trunkline.store.FailureKind;
import trunkline.store.Interruption;
import trunkline.store.LockHolders;

/// The time for which a migration is run again while somebody else holds what it needs: a table
/// that is read, or Flyway's own lock. Between two attempts everybody gets their turn.
///
/// @param max from the first failed attempt on
/// @param progress is told what is waited for, at most once in a few seconds
public record MigrationPatience(Duration max, Consumer<String> progress) {
  /// Far away, and no overflow when added to the clock.
  private static final Duration ENDLESS = Duration.ofDays(3_650);

  private static final long PAUSE_MILLIS = 400;
  private static final long SAID_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final String LOCK_TIMEOUT = "55P03";

  /// For an operator who watches, and may stop it.
  public static MigrationPatience endless(Consumer<String> progress) {
    return new MigrationPatience(ENDLESS, progress);
  }

  /// Repeats the step, whose every failed attempt was rolled back.
  ///
  /// @throws MigrationNeeded when the patience ends first
  <T> T call(Connections connections, Supplier<T> step) {
    var until = System.nanoTime() + max.toNanos();
    var sayNanos = System.nanoTime();
    while (true) {
      try {
        return step.get();
      } catch (FlywayException e) {
        var wait = wait(e);
        if (wait == null) {
          throw e;
        }
        var now = System.nanoTime();
        if (now - until >= 0) {
          throw new MigrationNeeded(
              "the database schema cannot be migrated now, run it again: "
                  + wait.told(connections));
        }
        if (now - sayNanos >= 0) {
          sayNanos = now + SAID_EVERY_NANOS;
          progress.accept("the migration waits: " + wait.told(connections));
        }
      }
      pause();
    }
  }

  /// What the attempt met.
  ///
  /// @param statement that did not get its lock; empty for Flyway's own
  private record Wait(String state, String statement) {
    String told(Connections connections) {
      return "SQLSTATE " + state + ", " + LockHolders.of(connections, statement);
    }
  }

  /// Null for a failure that another attempt would not mend.
  private static @Nullable Wait wait(FlywayException failure) {
    var statement = "";
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof FlywaySqlScriptException script) {
        statement = script.getStatement();
      }
      if (cause instanceof SQLException busy && FailureKind.of(busy) == FailureKind.BUSY) {
        return new Wait(String.valueOf(busy.getSQLState()), statement);
      }
      // Flyway has no type for it: another instance migrates, and takes its time.
      if (String.valueOf(cause.getMessage()).contains("acquire PostgreSQL advisory lock")) {
        return new Wait(LOCK_TIMEOUT, statement);
      }
    }
    return null;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw Interruption.restored("interrupted while a migration waited for a lock", e);
    }
  }
}
