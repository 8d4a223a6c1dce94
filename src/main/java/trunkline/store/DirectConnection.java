package trunkline.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jooq.exception.DataAccessException;

/// A connection past the pool and past any pooler. For one thread at a time.
public final class DirectConnection implements AutoCloseable {
  private final Connection connection;

  /// Connects.
  ///
  /// @param purpose shown in `pg_stat_activity.application_name`
  /// @param answerMax how long an answer may take
  /// @throws DatabaseUnavailable when it cannot
  public DirectConnection(Connections connections, String purpose, Duration answerMax) {
    try {
      this.connection = connections.direct(purpose);
      connection.setNetworkTimeout(Runnable::run, (int) answerMax.toMillis());
    } catch (SQLException e) {
      throw SqlFailures.translated("connecting", e);
    }
  }

  /// Runs the call on the calling thread.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached or the outcome is unknown
  /// @throws DatabaseBusy when somebody's lock was in the way
  /// @throws StatementRefused when it was refused
  /// @throws RightMissing when the role may not
  public <T> T run(SqlCall<T> call) {
    var sql = new Sql(connection);
    try {
      return call.run(sql);
    } catch (DataAccessException e) {
      var failure = SqlFailures.translated(sql.running(), e);
      throw failure instanceof RightMissing denied ? RightReports.explained(sql, denied) : failure;
    }
  }

  /// Ends it as it is, without a word to the server.
  @Override
  public void close() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is broken, which is why it goes.
      return;
    }
  }
}
