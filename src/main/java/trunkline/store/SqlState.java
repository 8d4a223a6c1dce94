package trunkline.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jooq.exception.DataAccessException;

/// The outcome that a failed statement implies.
public enum SqlState {
  /// Connection lost, server shutting down, time-out of the socket: it may have committed.
  UNKNOWN_OUTCOME,
  /// A row or table lock was not granted within `lock_timeout`: nothing happened.
  LOCK_TIMEOUT,
  /// A key exists already: nothing happened, and for a batch key: it happened before.
  UNIQUE_VIOLATION,
  /// Chosen as a deadlock's victim, or not serialisable: nothing happened, worth another try.
  CONFLICT,
  /// Anything else: nothing happened and repeating it will not help.
  REFUSED;

  /// Classifies jOOQ's exception; without a cause from JDBC it is our defect.
  static SqlState of(DataAccessException failure) {
    var cause = failure.getCause(SQLException.class);
    return cause == null ? REFUSED : of(cause);
  }

  /// Classifies by SQLSTATE.
  public static SqlState of(SQLException failure) {
    var state = failure.getSQLState();
    if (failure instanceof SQLTransientConnectionException || state == null) {
      return UNKNOWN_OUTCOME;
    }
    return switch (state) {
      case "55P03" -> LOCK_TIMEOUT;
      case "23505" -> UNIQUE_VIOLATION;
      case "40P01", "40001" -> CONFLICT;
      default ->
          state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")
              ? UNKNOWN_OUTCOME
              : REFUSED;
    };
  }
}
