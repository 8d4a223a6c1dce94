package trunkline.store;

/// The role lacks a right (SQLSTATE 42501): nothing happened, and nothing will until somebody
/// grants it. The message names the statements to run.
public final class RightMissing extends DatabaseFailure {
  private static final long serialVersionUID = 1L;

  RightMissing(String message, Throwable cause) {
    super(FailureKind.REFUSED, message, cause);
  }

  RightMissing(String message) {
    super(FailureKind.REFUSED, message);
  }

  /// What a client may read of it: whose fault it is, and nothing of our insides.
  public static final String SAID =
      "the server lacks a right in its database; its operator has to grant it";
}
