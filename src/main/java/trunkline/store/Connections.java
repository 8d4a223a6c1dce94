package trunkline.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/// The one place that builds database connections, so that URL, user, password, TLS and time-outs
/// are the same for the pool, for LISTEN and heartbeat, and for Flyway.
public final class Connections {
  /// Session settings that the delivery protocol relies on. Through a transaction pooler a SET is
  /// not dependable: there they belong on the role (ALTER ROLE ... SET), and repeating them does no
  /// harm. statement_timeout stays 0: cancelling a commit that waits for a standby would report
  /// success. jit: up to PostgreSQL 17 a plan that cannot do without a sequential scan (the one row
  /// of `control`) seems so costly without enable_seqscan that it is compiled, for hundreds of ms.
  /// plan_cache_mode stays as it is: short arrays are planned anew each time, which costs 0.35 ms,
  /// but a plan that was made while a slot was empty read all of it for each stream a minute later
  /// (160,000 messages: 0.7 s a read). search_path: what others created in `public`, or in a schema
  /// named like the role, is never meant; pg_temp has to be named, else types are looked for there
  /// first.
  private static final String SESSION_SETTINGS =
      """
      -- connection.prepare: what the delivery protocol relies on
      SET search_path = pg_catalog, pg_temp;
      SET lock_timeout = '200ms';
      SET statement_timeout = 0;
      SET idle_in_transaction_session_timeout = '5s';
      SET idle_session_timeout = 0;
      SET enable_seqscan = off;
      SET jit = off;
      SET timezone = 'UTC'
      """;

  /// The names of all that is set in a session of ours, here or where it is opened.
  static final List<String> SETTINGS =
      Stream.concat(
              Pattern.compile("SET (\\w+) =")
                  .matcher(SESSION_SETTINGS)
                  .results()
                  .map(set -> set.group(1)),
              Stream.of("application_name"))
          .toList();

  /// Tells the pool's URL from the direct one, where both come from a program.
  private static final String POOL = "#pool";

  private static final Pattern APPLICATION_NAME = Pattern.compile("([?&]ApplicationName=)");

  private final DatabaseSettings settings;
  private final @Nullable Lent lent;

  public Connections(DatabaseSettings settings) {
    this(settings, null);
  }

  private Connections(DatabaseSettings settings, @Nullable Lent lent) {
    this.settings = settings;
    this.lent = lent;
  }

  /// Connections that a program lends. Each is kept for long, so a pool there must have as many as
  /// ours and four more.
  ///
  /// @param pool may lead through a transaction pooler if it is not the other
  /// @param direct leads to the server itself
  /// @param poolSize connections of our pool
  /// @throws SQLException when there is none, or none of the PostgreSQL driver
  public static Connections lent(DataSource pool, DataSource direct, int poolSize)
      throws SQLException {
    try (var connection = direct.getConnection()) {
      var metadata = connection.getMetaData();
      var url = PostgresUrl.parse(metadata.getURL()).jdbc();
      var settings =
          DatabaseSettings.of(
              pool.equals(direct) ? url : url + POOL,
              url,
              metadata.getUserName(),
              new Password.Literal(""),
              poolSize);
      return new Connections(settings, new Lent(pool, direct));
    } catch (IllegalArgumentException e) {
      throw new SQLException("the DataSource is none of a PostgreSQL", "08001", e);
    }
  }

  public DatabaseSettings settings() {
    return settings;
  }

  /// The pool for everything but LISTEN, heartbeat and migration.
  HikariDataSource pool(String name) {
    var pool = new HikariConfig();
    pool.setPoolName(name);
    pool.setDataSource(source(poolUrl(), name, settings.socketTimeout()));
    pool.setMaximumPoolSize(settings.poolSize());
    pool.setMinimumIdle(Math.min(2, settings.poolSize()));
    pool.setConnectionTimeout(Math.max(250, settings.connectTimeout().toMillis()));
    pool.setMaxLifetime(Duration.ofMinutes(15).toMillis());
    pool.setKeepaliveTime(Duration.ofSeconds(30).toMillis());
    pool.setInitializationFailTimeout(-1);
    pool.setConnectionInitSql(SESSION_SETTINGS);
    return new HikariDataSource(pool);
  }

  /// A direct URL implies a pooler, and one in transaction mode may not know the statements that
  /// the driver prepares from the fifth execution on: it fails late and at random. A URL that says
  /// `prepareThreshold` itself is taken at its word.
  private String poolUrl() {
    var url = settings.url();
    if (lent != null || url.equals(settings.directUrl()) || url.contains("prepareThreshold=")) {
      return url;
    }
    return url + (url.contains("?") ? "&" : "?") + "prepareThreshold=0";
  }

  /// A connection of its own, past any pooler; the caller closes it.
  ///
  /// @param purpose shown in `pg_stat_activity.application_name`
  public Connection direct(String purpose) throws SQLException {
    return prepared(
        source(settings.directUrl(), purpose, settings.socketTimeout()).getConnection());
  }

  /// The same over sockets of a kind of its own, unless a program lends connections, or the driver
  /// cannot see that class.
  public Connection direct(String purpose, Class<? extends SocketFactory> sockets)
      throws SQLException {
    if (lent != null || !isVisibleToDriver(sockets)) {
      return direct(purpose);
    }
    var properties = properties(settings, purpose, settings.socketTimeout());
    PGProperty.SOCKET_FACTORY.set(properties, sockets.getName());
    return prepared(
        opening(() -> DriverManager.getConnection(named(settings.directUrl(), purpose), properties))
            .getConnection());
  }

  private static boolean isVisibleToDriver(Class<?> type) {
    try {
      return Class.forName(type.getName(), false, PGProperty.class.getClassLoader()) == type;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  private static Connection prepared(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(SESSION_SETTINGS);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /// For Flyway: direct, and without a socket time-out, since a migration may take its time.
  public DataSource migration() {
    return source(settings.directUrl(), "trunkline-migrate", Duration.ZERO);
  }

  /// For an operator's own SQL: direct, and with the server's defaults instead of ours.
  ///
  /// @param purpose shown in `pg_stat_activity.application_name`
  public DataSource unhurried(String purpose) {
    return source(settings.directUrl(), purpose, Duration.ZERO);
  }

  private DataSource source(String url, String application, Duration socketTimeout) {
    var source = lent;
    if (source != null) {
      var prepares = source.pool.equals(source.direct);
      var from = url.equals(settings.directUrl()) ? source.direct : source.pool;
      return opening(
          () -> LentConnection.of(from.getConnection(), application, socketTimeout, prepares));
    }
    return opening(() ->
        DriverManager.getConnection(
            named(url, application), properties(settings, application, socketTimeout)));
  }

  /// The URL would win, and what looks for our connections not find them.
  private static String named(String url, String application) {
    return APPLICATION_NAME.matcher(url).replaceAll("$1" + application + "-");
  }

  private DataSource opening(Opening opening) {
    return new Source(opening, seconds(settings.connectTimeout()));
  }

  /// Makes a connection.
  @FunctionalInterface
  private interface Opening {
    Connection open() throws SQLException;
  }

  /// What a program lends.
  private record Lent(DataSource pool, DataSource direct) {}

  private static Properties properties(
      DatabaseSettings settings, String application, Duration socketTimeout) {
    var properties = new Properties();
    PGProperty.USER.set(properties, settings.user());
    PGProperty.PASSWORD.set(properties, settings.password().reveal());
    PGProperty.APPLICATION_NAME.set(properties, application);
    PGProperty.CONNECT_TIMEOUT.set(properties, seconds(settings.connectTimeout()));
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds(settings.connectTimeout()));
    PGProperty.SOCKET_TIMEOUT.set(properties, seconds(socketTimeout));
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    // the detail quotes the row that was refused: session ids, payloads
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
    return properties;
  }

  private static int seconds(Duration duration) {
    return (int) Math.ceilDiv(duration.toMillis(), 1000L);
  }

  /// The interface that pool and Flyway ask for.
  ///
  /// @param loginTimeout a closing pool waits so many seconds for a connection that is being made,
  ///   not to leak it
  private record Source(Opening opening, int loginTimeout) implements DataSource {

    @Override
    public Connection getConnection() throws SQLException {
      return opening.open();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      throw new SQLFeatureNotSupportedException("user and password come from the settings");
    }

    @Override
    public PrintWriter getLogWriter() {
      return new PrintWriter(PrintWriter.nullWriter());
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
      return loginTimeout;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getLogger("org.postgresql");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      throw new SQLFeatureNotSupportedException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
