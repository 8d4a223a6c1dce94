package trunkline.store;

/// The database refused a statement: nothing happened.
public final class StatementFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final SqlState state;

  /// As the translation of failures raises it, or a store of another make.
  public StatementFailed(SqlState state, Throwable failure) {
    super(String.valueOf(failure.getMessage()), failure);
    this.state = state;
  }

  /// What is known of why.
  public SqlState state() {
    return state;
  }
}
