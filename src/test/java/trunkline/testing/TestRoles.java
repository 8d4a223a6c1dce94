package trunkline.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/// The roles of `db/role` in a test's database. Roles belong to the whole server, so each test has
/// its own, whose names end with that of its database.
public final class TestRoles implements AutoCloseable {
  private static final Path FOLDER = Path.of("db/role");
  private static final Path NEEDS = Path.of("src/main/resources/trunkline/store/needs.sql");
  private static final String PASSWORD = "of a test";

  /// In an order in which they can be dropped: the owner of the tables is the last.
  private static final List<String> ROLES =
      List.of(
          "trunkline_reader",
          "trunkline_auditor",
          "trunkline_audit_reader",
          "trunkline_sender",
          "trunkline_app",
          "trunkline_owner");

  private final TestDatabase db;

  public TestRoles(TestDatabase db) {
    this.db = db;
  }

  /// Runs `db/role/<file>.sql` as an administrator, and gives the roles a password.
  public TestRoles apply(String file) {
    try (var connection = db.open()) {
      apply(file, connection);
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage() + "\nin: " + file, e);
    }
    for (var role : ROLES) {
      if (exists(role)) {
        db.sql("alter role " + name(role) + " password '" + PASSWORD + "'");
      }
    }
    return this;
  }

  /// Makes the role that serves, with what an instance says that it needs and nothing else.
  public TestRoles applyNeeds() {
    db.sql("create role " + name("trunkline_app") + " login password '" + PASSWORD + "'");
    try (var connection = db.open();
        var statement = connection.createStatement()) {
      statement.execute(renamed(Files.readString(NEEDS)));
      return this;
    } catch (SQLException | IOException e) {
      throw new AssertionError(e.getMessage() + "\nin: " + NEEDS, e);
    }
  }

  /// Runs `db/role/<file>.sql` on the connection given.
  public void apply(String file, Connection connection) throws SQLException {
    run(FOLDER.resolve(file + ".sql"), connection);
  }

  /// Runs a file that names the roles.
  public void run(Path file, Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(renamed(Files.readString(file)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// The name of a role of the files here.
  public String name(String role) {
    return role + "_" + db.name();
  }

  public String password() {
    return PASSWORD;
  }

  /// A connection as this role, the caller's to close.
  public Connection open(String role) throws SQLException {
    return DriverManager.getConnection(db.url(), name(role), PASSWORD);
  }

  private String renamed(String text) {
    var renamed = text;
    for (var role : ROLES) {
      renamed = renamed.replaceAll("\\b" + role + "\\b", name(role));
    }
    return renamed;
  }

  private boolean exists(String role) {
    return db.sql("select from pg_roles where rolname = ?", name(role)).rows().size() == 1;
  }

  /// Drops the roles and what they own.
  @Override
  public void close() {
    for (var role : ROLES) {
      if (exists(role)) {
        db.sql("drop owned by " + name(role) + " cascade");
        db.sql("drop role " + name(role));
      }
    }
  }
}
