package trunkline.store;

import trunkline.feature.TrunklineException;

/// A statement that failed, or a connection that could not be had. Its message names the statement,
/// the SQLSTATE and the server's own sentence, never a value.
public abstract sealed class DatabaseFailure extends TrunklineException
    permits DatabaseUnavailable, DatabaseBusy, StatementRefused, RightMissing {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;

  DatabaseFailure(FailureKind kind, String message, Throwable cause) {
    super(Reason.DATABASE, message, cause);
    this.kind = kind;
  }

  DatabaseFailure(FailureKind kind, String message) {
    super(Reason.DATABASE, message, null);
    this.kind = kind;
  }

  /// What it means.
  public final FailureKind kind() {
    return kind;
  }

  /// Whether the statement may have happened all the same.
  public final boolean isDoubtful() {
    return kind == FailureKind.DOUBTFUL;
  }
}
