package trunkline.store;

import java.sql.SQLException;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// The one translation of JDBC's and jOOQ's exceptions.
public final class SqlFailures {
  private static final String UNIQUE = "23505";

  /// Insufficient privilege.
  public static final String DENIED = "42501";

  private static final String NO_PRIMARY =
      "the database takes no writes: every server that the URL names is a standby, in recovery or"
          + " read-only (default_transaction_read_only); connect to the primary (--database-url), or wait until"
          + " one is promoted; nothing was changed";

  private SqlFailures() {}

  /// The driver has no type for it; we ask it for a primary.
  private static boolean isNoPrimary(SQLException failure) {
    return String.valueOf(failure.getMessage()).contains("targetServerType");
  }

  /// The failure as one of ours.
  ///
  /// @param statement the name of the statement, or what was tried
  public static DatabaseFailure translated(String statement, SQLException failure) {
    var text = statement + ": " + failure.getSQLState() + " " + said(failure);
    return switch (FailureKind.of(failure)) {
      case AWAY ->
          new DatabaseUnavailable(
              isNoPrimary(failure) ? reason(failure) : "the database is away: " + text, failure);
      case DOUBTFUL ->
          DatabaseUnavailable.doubtful("the database did not answer: " + text, failure);
      case BUSY -> new DatabaseBusy("the database is busy: " + text, failure);
      case REFUSED ->
          DENIED.equals(failure.getSQLState())
              ? new RightMissing(text, failure)
              : new StatementRefused(
                  text, constraint(failure), UNIQUE.equals(failure.getSQLState()), failure);
    };
  }

  /// Why there is no connection.
  static String reason(SQLException failure) {
    return isNoPrimary(failure) ? NO_PRIMARY : ConnectionReason.of(failure);
  }

  /// Without a cause from JDBC it is our defect.
  static DatabaseFailure translated(String statement, DataAccessException failure) {
    var cause = failure.getCause(SQLException.class);
    return cause == null
        ? new StatementRefused(statement + ": " + firstLine(failure), failure)
        : translated(statement, cause);
  }

  /// What the server said; without a server, why there is none.
  private static String said(SQLException failure) {
    return server(failure) == null ? ConnectionReason.of(failure) : sentence(failure);
  }

  /// The server's sentence alone: what the driver makes of it repeats the text of the statement.
  public static String sentence(SQLException failure) {
    var server = server(failure);
    var sentence = server == null ? null : server.getMessage();
    return sentence == null ? firstLine(failure) : sentence;
  }

  private static String constraint(SQLException failure) {
    var server = server(failure);
    var constraint = server == null ? null : server.getConstraint();
    return constraint == null ? "" : constraint;
  }

  private static @Nullable ServerErrorMessage server(SQLException failure) {
    return failure instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
  }

  private static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
