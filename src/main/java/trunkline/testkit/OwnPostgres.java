package trunkline.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import trunkline.embedded.EmbeddedPostgres;

/// The embedded PostgreSQL of the tests of a build, with a database for each that asks. It runs
/// without fsync: what it holds is nobody's.
final class OwnPostgres implements AutoCloseable {
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static final Map<String, String> SETTINGS =
      Map.of("fsync", "off", "full_page_writes", "off", "max_connections", "200");

  private final EmbeddedPostgres server;

  private OwnPostgres(EmbeddedPostgres server) {
    this.server = server;
  }

  /// Joins the one in the folder of what is built: `target`, or `build` where there is none.
  static OwnPostgres join() {
    var built = Files.isDirectory(Path.of("target")) ? "target" : "build";
    return new OwnPostgres(EmbeddedPostgres.join(Path.of(built, "trunkline-testkit"), SETTINGS));
  }

  /// An empty database of this name's own, dropped when it is closed.
  Database database() {
    var name = "testkit_" + ProcessHandle.current().pid() + "_" + NEXT.incrementAndGet();
    run("drop database if exists " + name + " with (force)");
    run("create database " + name);
    return new Database(name);
  }

  private void run(String statement) {
    var url = server.jdbcUrl(server.database());
    try (var connection = DriverManager.getConnection(url, server.user(), server.password());
        var administered = connection.createStatement()) {
      administered.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException("the tests' PostgreSQL: " + e.getMessage(), e);
    }
  }

  /// Leaves the server, which stops when nobody else uses it.
  @Override
  public void close() {
    server.close();
  }

  /// One of its databases.
  final class Database implements AutoCloseable {
    private final String name;

    private Database(String name) {
      this.name = name;
    }

    /// The options of an instance on it.
    Map<String, String> options() {
      return Map.of(
          "database-url", server.jdbcUrl(name),
          "database-user", server.user(),
          "database-password", server.password());
    }

    @Override
    public void close() {
      run("drop database if exists " + name + " with (force)");
    }
  }
}
