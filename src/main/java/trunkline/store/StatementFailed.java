package trunkline.store;

/// The database refused a statement: nothing happened.
public final class StatementFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final SqlState state;

  /// Raised by the translation of failures, or by another kind of store.
  public StatementFailed(SqlState state, Throwable failure) {
    super(String.valueOf(failure.getMessage()), failure);
    this.state = state;
  }

  /// The known reason.
  public SqlState state() {
    return state;
  }
}
