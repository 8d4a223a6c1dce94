package trunkline.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import trunkline.testing.Requirement;
import trunkline.testing.TestDatabase;

/// PgBouncer in transaction mode before a test's database. It refuses to run as root and becomes
/// `nobody` then, to whom its files are given.
///
/// @param url how the driver reaches the database through it
record PgBouncer(ForeignProcess process, TestDatabase database, String url)
    implements AutoCloseable {
  private static final int SERVER_CONNECTIONS = 3;

  private static final Pattern SERVER = Pattern.compile("jdbc:postgresql://([^:/]+):(\\d+)/.*");
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final String USER = "nobody";

  static PgBouncer start(Path folder, TestDatabase database)
      throws IOException, InterruptedException {
    var program = Requirement.program("pgbouncer");
    var isRoot = "root".equals(System.getProperty("user.name"));
    var command = new ArrayList<String>();
    if (isRoot) {
      command.addAll(
          List.of(
              Requirement.program("setpriv").toString(),
              "--reuid=" + USER,
              "--regid=nogroup",
              "--clear-groups"));
    }
    var port = Ports.free();
    command.addAll(List.of(program.toString(), write(folder, database, port).toString()));
    if (isRoot) {
      giveAway(folder);
    }
    var process = ForeignProcess.start(folder, command);
    try {
      process.awaitLine(line -> line.contains("process up"), PATIENCE);
    } catch (AssertionError e) {
      process.close();
      throw e;
    }
    return new PgBouncer(
        process, database, "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database.name()));
  }

  private static Path write(Path folder, TestDatabase database, int port) throws IOException {
    var server = SERVER.matcher(database.url());
    if (!server.matches()) {
      throw new AssertionError("not a URL with host and port: " + database.url());
    }
    var users = folder.resolve("users.txt");
    Files.writeString(users, "\"%s\" \"%s\"%n".formatted(database.user(), database.password()));
    return Files.writeString(
        folder.resolve("pgbouncer.ini"),
        """
        [databases]
        * = host=%s port=%s

        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = %s
        pool_mode = transaction
        default_pool_size = %d
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(server.group(1), server.group(2), port, users, SERVER_CONNECTIONS));
  }

  private static void giveAway(Path folder) throws IOException {
    var nobody = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.setOwner(file, nobody);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
      }
    }
    Files.setOwner(folder, nobody);
  }

  /// For a driver that is not told of a way past it: this release (before 1.21) does not know
  /// prepared statements.
  String unpreparedUrl() {
    return url + "?prepareThreshold=0";
  }

  /// The setting in each of the connections that it shares among its clients: all are held at once,
  /// so that none is looked at twice.
  List<String> settings(String name) throws SQLException {
    var held = new ArrayList<Connection>();
    var settings = new ArrayList<String>();
    try {
      for (var i = 0; i < SERVER_CONNECTIONS; i++) {
        var connection =
            DriverManager.getConnection(unpreparedUrl(), database.user(), database.password());
        held.add(connection);
        connection.setAutoCommit(false);
        settings.add(TestDatabase.run(connection, "show " + name).text());
      }
      return settings;
    } finally {
      for (var connection : held) {
        connection.close();
      }
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
