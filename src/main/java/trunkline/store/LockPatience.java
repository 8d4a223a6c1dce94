package trunkline.store;

import java.sql.SQLException;
import java.time.Duration;
import org.jooq.exception.DataAccessException;
import trunkline.store.Database.Work;

/// How long a statement is repeated that waits for a row which somebody else keeps locked.
///
/// `lock_timeout` ends each wait early, so that nobody queues behind a waiter for long; nothing has
/// happened then, and the statement (one transaction, autocommitted) is simply run again.
public record LockPatience(Duration max) {

  /// Work that is run again while it is refused for a lock, or was chosen as a deadlock's victim.
  public <T> Work<T> around(Work<T> work) {
    return connection -> {
      var deadline = System.nanoTime() + max.toNanos();
      while (true) {
        try {
          return work.run(connection);
        } catch (SQLException e) {
          if (!isWorthAnotherTry(e) || System.nanoTime() - deadline >= 0) {
            throw e;
          }
        }
      }
    };
  }

  /// The same on the database's threads, which others use between the attempts.
  public <T> T call(Database database, Work<T> work) {
    var deadline = System.nanoTime() + max.toNanos();
    while (true) {
      try {
        return database.call(work);
      } catch (DataAccessException e) {
        var worth = e.getCause() instanceof SQLException cause && isWorthAnotherTry(cause);
        if (!worth || System.nanoTime() - deadline >= 0) {
          throw e;
        }
      }
    }
  }

  private static boolean isWorthAnotherTry(SQLException failure) {
    return switch (SqlState.of(failure)) {
      case LOCK_TIMEOUT, CONFLICT -> true;
      case UNKNOWN_OUTCOME, UNIQUE_VIOLATION, REFUSED -> false;
    };
  }
}
