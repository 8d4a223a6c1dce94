package trunkline.store;

/// The database refused a statement for what it says ([FailureKind#REFUSED]): nothing happened.
public final class StatementRefused extends DatabaseFailure {
  private static final long serialVersionUID = 1L;

  private final String constraint;
  private final boolean unique;

  /// @param constraint the name of the violated constraint, if it was one
  /// @param unique whether the constraint keeps a key unique
  StatementRefused(String message, String constraint, boolean unique, Throwable cause) {
    super(FailureKind.REFUSED, message, cause);
    this.constraint = constraint;
    this.unique = unique;
  }

  /// Raised by another kind of store.
  public StatementRefused(String message, Throwable cause) {
    this(message, "", false, cause);
  }

  /// Whether a key exists already; for a key of the writer's choosing: it happened before.
  public boolean isUniqueViolation() {
    return unique;
  }

  /// Whether it broke a constraint whose name begins so.
  public boolean violates(String constraintPrefix) {
    return !constraint.isEmpty() && constraint.startsWith(constraintPrefix);
  }
}
