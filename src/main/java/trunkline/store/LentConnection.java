package trunkline.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// A connection of the embedding program's own `DataSource`. It is given back as it came, since a
/// pool may hand it to others; one that is cut off is closed for its pool as well.
final class LentConnection implements InvocationHandler {
  private final Connection connection;
  private final int patience;

  private LentConnection(Connection connection, int patience) {
    this.connection = connection;
    this.patience = patience;
  }

  /// @param application shown in `pg_stat_activity.application_name`
  /// @param socketTimeout silence after which it is given up; zero for none
  /// @param prepares false behind a transaction pooler
  /// @throws SQLException when it is none of the PostgreSQL driver, or of a server that takes no
  ///   writes
  static Connection of(
      Connection connection, String application, Duration socketTimeout, boolean prepares)
      throws SQLException {
    try {
      if (!connection.isWrapperFor(PGConnection.class)) {
        throw new SQLException(
            "the DataSource gives no connections of the PostgreSQL driver, but "
                + connection.getClass().getName(),
            "08001");
      }
      connection.setAutoCommit(true);
      if (!prepares) {
        connection.unwrap(PGConnection.class).setPrepareThreshold(0);
      }
      var lent = new LentConnection(connection, connection.getNetworkTimeout());
      connection.setNetworkTimeout(Runnable::run, (int) socketTimeout.toMillis());
      connection.setClientInfo("ApplicationName", application);
      requirePrimary(connection);
      return (Connection)
          Proxy.newProxyInstance(
              LentConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, lent);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void requirePrimary(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var answer = statement.executeQuery("SHOW transaction_read_only")) {
      if (answer.next() && "on".equals(answer.getString("transaction_read_only"))) {
        throw new SQLException("no server of the targetServerType that is asked for", "25006");
      }
    }
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    switch (method.getName()) {
      case "close" -> restore();
      case "abort" -> {
        connection.abort(Runnable::run);
        connection.close();
        return null;
      }
      default -> {}
    }
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void restore() throws SQLException {
    if (connection.isClosed()) {
      return;
    }
    try (var statement = connection.createStatement()) {
      statement.execute("UNLISTEN *; RESET ALL");
      connection.setNetworkTimeout(Runnable::run, patience);
    } catch (SQLException _) {
      connection.abort(Runnable::run); // broken, so that nobody gets it in this state
    }
  }
}
