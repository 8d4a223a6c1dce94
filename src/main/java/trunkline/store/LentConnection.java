package trunkline.store;

import static org.jooq.impl.SQLDataType.CLOB;
import static trunkline.store.SqlText.column;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// A connection of the embedding program's own `DataSource`. It is given back as it came, since a
/// pool may hand it to others: what we set in its session is as before, and what the program set
/// there stays. One that is cut off is closed for its pool as well.
final class LentConnection implements InvocationHandler {
  private static final Field<String> NAME = column("name", CLOB);
  private static final Field<String> SETTING = column("setting", CLOB);

  /// What is the default of the session becomes that again, and is not nailed down.
  private static final SqlText FIND =
      SqlText.of(
          """
          -- pg_settings.lent: how a program's connection came, to be given back so
          SELECT name, setting FROM pg_settings WHERE source = 'session' AND lower(name) = ANY (:names)
          """,
          NAME,
          SETTING);

  private static final SqlText RESTORE =
      SqlText.of(
          """
          -- pg_settings.restore: as the program had it
          SELECT set_config(name, setting, false) AS setting FROM unnest(:names, :values) s(name, setting)
          """,
          SETTING);

  private static final String RESET =
      Connections.SETTINGS.stream()
          .map(name -> "RESET " + name)
          .collect(Collectors.joining("; ", "UNLISTEN *; ", ""));

  private final Connection connection;
  private final boolean commits;
  private final int patience;
  private final int prepareThreshold;
  private final Map<String, String> settings;

  private LentConnection(Connection connection) throws SQLException {
    this.connection = connection;
    commits = connection.getAutoCommit();
    patience = connection.getNetworkTimeout();
    prepareThreshold = connection.unwrap(PGConnection.class).getPrepareThreshold();
    connection.setAutoCommit(true);
    settings = settings(connection);
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
      var lent = new LentConnection(connection);
      lent.prepare(application, socketTimeout, prepares);
      return (Connection)
          Proxy.newProxyInstance(
              LentConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, lent);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void prepare(String application, Duration socketTimeout, boolean prepares)
      throws SQLException {
    try {
      requirePrimary(connection);
      if (!prepares) {
        connection.unwrap(PGConnection.class).setPrepareThreshold(0);
      }
      connection.setNetworkTimeout(Runnable::run, (int) socketTimeout.toMillis());
      connection.setClientInfo("ApplicationName", application);
    } catch (SQLException e) {
      restore();
      throw e;
    }
  }

  private static Map<String, String> settings(Connection connection) throws SQLException {
    try {
      return new Sql(connection)
              .text(FIND)
              .all("names", CLOB, Connections.SETTINGS, name -> name)
              .fetch(row -> Map.entry(row.get(NAME), row.get(SETTING)))
              .stream()
              .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    } catch (DataAccessException e) {
      throw unwrapped(e);
    }
  }

  private static SQLException unwrapped(DataAccessException failure) {
    var cause = failure.getCause(SQLException.class);
    return cause == null ? new SQLException(failure) : cause;
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
      if (!connection.getAutoCommit()) {
        connection.rollback(); // else what follows would be rolled back with it
        connection.setAutoCommit(true);
      }
      statement.execute(RESET);
      restoreSettings();
      connection.unwrap(PGConnection.class).setPrepareThreshold(prepareThreshold);
      connection.setNetworkTimeout(Runnable::run, patience);
      connection.setAutoCommit(commits);
    } catch (SQLException | DataAccessException _) {
      connection.abort(Runnable::run); // broken, so that nobody gets it in this state
    }
  }

  private void restoreSettings() {
    if (!settings.isEmpty()) {
      new Sql(connection)
          .text(RESTORE)
          .all("names", CLOB, settings.entrySet(), Map.Entry::getKey)
          .all("values", CLOB, settings.entrySet(), Map.Entry::getValue)
          .fetch(row -> row.get(SETTING));
    }
  }
}
