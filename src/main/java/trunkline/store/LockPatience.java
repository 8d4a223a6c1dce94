package trunkline.store;

import java.time.Duration;
import org.jooq.exception.DataAccessException;

/// The time for which a statement is repeated while another transaction locks its row.
///
/// `lock_timeout` ends each wait early, so that no statement queues behind it for long; nothing has
/// happened then, and the statement (one transaction, autocommitted) is simply run again.
public record LockPatience(Duration max) {

  /// A call that is run again while it is refused for a lock, or was chosen as a deadlock's victim.
  public <T> SqlCall<T> over(SqlCall<T> call) {
    return sql -> {
      var deadline = System.nanoTime() + max.toNanos();
      while (true) {
        try {
          return call.run(sql);
        } catch (DataAccessException e) {
          if (!isWorthAnotherTry(SqlState.of(e)) || System.nanoTime() - deadline >= 0) {
            throw e;
          }
        }
      }
    };
  }

  /// The same on the database's threads, which are free between the attempts.
  public <T> T run(Database database, SqlCall<T> call) {
    var deadline = System.nanoTime() + max.toNanos();
    while (true) {
      try {
        return database.run(call);
      } catch (StatementFailed e) {
        if (!isWorthAnotherTry(e.state()) || System.nanoTime() - deadline >= 0) {
          throw e;
        }
      }
    }
  }

  private static boolean isWorthAnotherTry(SqlState state) {
    return switch (state) {
      case LOCK_TIMEOUT, CONFLICT -> true;
      case UNKNOWN_OUTCOME, UNIQUE_VIOLATION, REFUSED -> false;
    };
  }
}
