package trunkline.store;

import java.sql.SQLException;

/// The database cannot be reached or serves nobody ([FailureKind#AWAY]), or went away before it
/// answered ([FailureKind#DOUBTFUL]).
public final class DatabaseUnavailable extends DatabaseFailure {
  private static final long serialVersionUID = 1L;

  /// Away.
  public DatabaseUnavailable(String message) {
    super(FailureKind.AWAY, message);
  }

  /// Away.
  public DatabaseUnavailable(String message, Throwable cause) {
    super(FailureKind.AWAY, message, cause);
  }

  private DatabaseUnavailable(FailureKind kind, String message, Throwable cause) {
    super(kind, message, cause);
  }

  /// Away: nobody answers there, or nobody who takes writes.
  public static DatabaseUnavailable unreached(String what, SQLException failure) {
    return new DatabaseUnavailable(what + ": " + SqlFailures.reason(failure), failure);
  }

  /// It may have happened.
  public static DatabaseUnavailable doubtful(String message, Throwable cause) {
    return new DatabaseUnavailable(FailureKind.DOUBTFUL, message, cause);
  }
}
