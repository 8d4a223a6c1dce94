package trunkline.store;

/// Somebody else's lock, or their preference, ended the statement ([FailureKind#BUSY]): nothing
/// happened.
public final class DatabaseBusy extends DatabaseFailure {
  private static final long serialVersionUID = 1L;

  /// Raised by the translation of failures, or by another kind of store.
  public DatabaseBusy(String message, Throwable cause) {
    super(FailureKind.BUSY, message, cause);
  }
}
