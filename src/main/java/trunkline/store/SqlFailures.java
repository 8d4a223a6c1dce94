package trunkline.store;

import java.sql.SQLException;
import org.jooq.exception.DataAccessException;

/// The one translation of JDBC's and jOOQ's exceptions.
final class SqlFailures {
  private SqlFailures() {}

  static RuntimeException translated(SQLException failure) {
    return translated(SqlState.of(failure), failure);
  }

  static RuntimeException translated(DataAccessException failure) {
    var cause = failure.getCause(SQLException.class);
    return translated(SqlState.of(failure), cause == null ? failure : cause);
  }

  private static RuntimeException translated(SqlState state, Exception failure) {
    return switch (state) {
      case UNKNOWN_OUTCOME ->
          new DatabaseUnavailable("the database did not answer: " + failure.getMessage(), failure);
      case LOCK_TIMEOUT, UNIQUE_VIOLATION, CONFLICT, REFUSED -> new StatementFailed(state, failure);
    };
  }
}
