package trunkline.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;

/// A migrated database of a test's own, cloned from a template. NOTIFY is scoped to a database, so
/// tests cannot hear each other.
///
/// As a parameter of a test class's constructor it is shared by the methods of the class; as a
/// parameter of a test method it belongs to that method. `create` is for everything else.
public final class TestDatabase implements AutoCloseable {
  /// The `application_name` of the connections a test opens here, so that they can be told apart.
  public static final String APPLICATION_NAME = "trunkline-test";

  private static final String CONNECTIONS =
      """
      -- pg_stat_activity.connections: the application's own, not the test's maintenance connection
      select format('%s (%s, pid %s): %s', application_name, state, pid, left(query, 200)) as line
        from pg_stat_activity
       where datname = ? and backend_type = 'client backend'
       order by backend_start
      """;

  private static final String PREFIX = "trunkline_test_" + ProcessHandle.current().pid() + "_";
  private static final AtomicInteger NEXT = new AtomicInteger();

  private final TestPostgres server;
  private final String name;

  TestDatabase(TestPostgres server, String name) {
    this.server = server;
    this.name = name;
  }

  /// Clones the migrated template.
  public static TestDatabase create() {
    return clonedFrom(TestPostgres.migrated());
  }

  /// An empty database: the start of a migration.
  public static TestDatabase createEmpty() {
    return clonedFrom("template0");
  }

  /// Runs the migrations of an empty or older schema.
  ///
  /// @param target the version to stop at, or `latest`
  public TestDatabase migratedTo(String target) {
    Flyway.configure()
        .dataSource(url(), user(), password())
        .schemas("trunkline")
        .locations("classpath:trunkline/migration")
        .target(target)
        .load()
        .migrate();
    return this;
  }

  private static TestDatabase clonedFrom(String template) {
    var server = TestPostgres.shared();
    var name = PREFIX + NEXT.incrementAndGet();
    server.administer("create database " + name + " template " + template);
    return new TestDatabase(server, name);
  }

  /// A pattern for `like` that the names of the databases of this JVM's tests match.
  static String ofThisJvm() {
    return PREFIX + "%";
  }

  /// A copy of this database as it is now, as a dump that is restored beside it would be. Whoever
  /// is connected loses the connection, and may return when the copy is made.
  public TestDatabase copy() {
    shut(name);
    try {
      return clonedFrom(name);
    } finally {
      server.administer("alter database " + name + " with allow_connections true");
    }
  }

  /// Puts a copy in this one's place, under the eyes of whoever is connected; what was here is
  /// gone.
  public void replaceWith(TestDatabase copy) {
    shut(name);
    server.administer("drop database " + name + " with (force)");
    server.administer("alter database " + copy.name + " rename to " + name);
  }

  private void shut(String database) {
    server.administer("alter database " + database + " with allow_connections false");
    server.administer(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = ?", database);
  }

  public String name() {
    return name;
  }

  /// The product's settings for this database, with a pool small enough for many instances on one
  /// test server.
  public DatabaseSettings settings() {
    return new DatabaseSettings(
        url(),
        url(),
        user(),
        new Password.Literal(password()),
        4,
        Duration.ofSeconds(3),
        Duration.ofSeconds(8));
  }

  public String url() {
    return server.url(name);
  }

  public String user() {
    return server.user();
  }

  public String password() {
    return server.password();
  }

  /// A plain connection in autocommit mode, the caller's to close.
  public Connection open() throws SQLException {
    var properties = server.credentials();
    properties.setProperty("ApplicationName", APPLICATION_NAME);
    return DriverManager.getConnection(url(), properties);
  }

  /// Runs one statement on a connection of its own.
  public Answer sql(String statement, @Nullable Object... arguments) {
    try (var connection = open()) {
      return run(connection, statement, arguments);
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage() + "\nin: " + statement, e);
    }
  }

  /// Runs one statement on the connection given, for instance inside an open transaction.
  public static Answer run(Connection connection, String statement, @Nullable Object... arguments)
      throws SQLException {
    try (var prepared = connection.prepareStatement(statement)) {
      for (var i = 0; i < arguments.length; i++) {
        prepared.setObject(i + 1, arguments[i]);
      }
      if (!prepared.execute()) {
        return new Answer(List.of(), prepared.getUpdateCount());
      }
      var rows = new ArrayList<Map<String, @Nullable Object>>();
      try (var result = prepared.getResultSet()) {
        var columns = result.getMetaData();
        while (result.next()) {
          var row = new LinkedHashMap<String, @Nullable Object>();
          for (var i = 1; i <= columns.getColumnCount(); i++) {
            row.put(columns.getColumnLabel(i), result.getObject(i));
          }
          rows.add(row);
        }
      }
      return new Answer(rows, 0);
    }
  }

  /// Waits until the condition, a boolean SQL expression, holds; fails the test when it does not in
  /// time. For facts that only the database knows; prefer an event where there is one.
  public void await(String condition, Duration patience) {
    var deadline = System.nanoTime() + patience.toNanos();
    try (var connection = open()) {
      while (!Boolean.TRUE.equals(run(connection, "select " + condition).value())) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not within " + patience + ": " + condition);
        }
        run(connection, "select pg_sleep(0.01)");
      }
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage() + "\nin: " + condition, e);
    }
  }

  /// Kills the connections whose `application_name` is like the pattern.
  ///
  /// @return how many there were
  public int terminateBackends(String applicationNameLike) {
    var killed =
        server.administer(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
             where datname = ? and application_name like ?
            """,
            name,
            applicationNameLike);
    return killed.rows().size();
  }

  /// The client connections there are now, one line each.
  public List<String> connections() {
    return server.administer(CONNECTIONS, name).column();
  }

  /// Fails when a connection is still open, all the more when it is in a transaction. A server
  /// process needs a moment to notice a closed socket, hence the patience.
  public void requireQuiet(Duration patience) {
    var deadline = System.nanoTime() + patience.toNanos();
    var left = connections();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      server.administer("select pg_sleep(0.02)");
      left = connections();
    }
    if (!left.isEmpty()) {
      throw new AssertionError("the test left connections open:\n  " + String.join("\n  ", left));
    }
  }

  @Override
  public void close() {
    server.administer("drop database if exists " + name + " with (force)");
  }

  /// The result of a statement.
  public record Answer(List<Map<String, @Nullable Object>> rows, int updated) {
    /// The first column of the only row, or null when there is none.
    public @Nullable Object value() {
      return rows.isEmpty() ? null : rows.getFirst().values().iterator().next();
    }

    public long number() {
      if (value() instanceof Number number) {
        return number.longValue();
      }
      throw new AssertionError("expected a number, got " + rows);
    }

    public String text() {
      return Objects.requireNonNull(value(), "no value").toString();
    }

    /// The first column of all rows as text.
    public List<String> column() {
      return rows.stream().map(row -> String.valueOf(row.values().iterator().next())).toList();
    }
  }
}
