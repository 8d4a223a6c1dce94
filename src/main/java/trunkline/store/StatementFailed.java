package trunkline.store;

import org.jooq.exception.DataAccessException;

/// The database refused a statement: nothing happened.
///
/// It is jOOQ's exception too until the last package is converted.
public final class StatementFailed extends DataAccessException {
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
