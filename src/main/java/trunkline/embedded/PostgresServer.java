package trunkline.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import trunkline.store.ConnectionReason;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.Password;

/// One PostgreSQL data folder and the process that may run on it; the caller holds the
/// [FolderLock].
///
/// The process is no child of ours: `pg_ctl` puts it into its own session, so that neither the end
/// of the JVM that started it nor a ctrl-C in its terminal reaches it.
final class PostgresServer {
  static final String USER = "trunkline";
  static final String DATABASE = "trunkline";

  /// A note in the data folder, from `initdb` until the database exists.
  private static final String DATABASE_LACKING = "trunkline.new";

  private static final String EXISTS_ALREADY = "42P04";

  /// No pool is made of these settings, but they must allow one.
  private static final int POOL_MIN = 4;

  private static final int START_ATTEMPTS_MAX = 3;
  private static final int CONNECT_MILLIS_MAX = 2_000;

  private final Path folder;
  private final Path data;
  private final PostgresBinaries binaries;
  private final ServerCommands commands;
  private final ServerPrograms programs;

  PostgresServer(Path folder, PostgresBinaries binaries) {
    this.folder = folder;
    this.data = folder.resolve("data");
    this.binaries = binaries;
    this.commands = new ServerCommands(binaries);
    this.programs = new ServerPrograms(folder);
  }

  boolean isInitialised() {
    return Files.exists(data.resolve("PG_VERSION"));
  }

  /// Makes the data folder with one user and its password. The database comes with the first start,
  /// since single-user mode refuses an administrator of Windows; until then there is a note.
  void initialise(String password, Map<String, String> settings) throws IOException {
    var fresh = folder.resolve("data.new");
    var passwordFile = folder.resolve("password.new");
    Folders.delete(fresh);
    Files.deleteIfExists(passwordFile);
    var account = PostgresAccount.choose(folder, binaries);
    account.give(Access.privateFolder(fresh));
    Files.writeString(Access.privateFile(passwordFile), password);
    account.give(passwordFile);
    try {
      var durable = !"off".equals(settings.get("fsync"));
      programs.run(account.command(commands.make(fresh, passwordFile, durable)));
    } finally {
      Files.delete(passwordFile);
    }
    Files.writeString(
        fresh.resolve("postgresql.conf"),
        "include_if_exists = 'trunkline.conf'\n",
        StandardOpenOption.APPEND);
    Files.createFile(fresh.resolve(DATABASE_LACKING));
    Folders.rename(fresh, data);
  }

  /// Makes the database where a first start has not come so far.
  void complete(int port, String password) throws IOException {
    var lacking = data.resolve(DATABASE_LACKING);
    if (!Files.exists(lacking)) {
      return;
    }
    var url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    var settings = DatabaseSettings.of(url, url, USER, new Password.Literal(password), POOL_MIN);
    try (var connection = new Connections(settings).direct("trunkline-first-start");
        var statement = connection.createStatement()) {
      statement.execute("create database " + DATABASE);
    } catch (SQLException e) {
      if (!EXISTS_ALREADY.equals(e.getSQLState())) {
        throw new DatabaseUnavailable(
            "the embedded PostgreSQL in " + folder + " has no database: " + ConnectionReason.of(e),
            e);
      }
    }
    Files.delete(lacking);
  }

  /// The port of the running server, or empty when none runs.
  OptionalInt runningPort() throws IOException {
    var process = livingProcess();
    if (process.isEmpty()) {
      return OptionalInt.empty();
    }
    var port = Integer.parseInt(pidFileLine(3));
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS_MAX);
      return OptionalInt.of(port);
    } catch (IOException e) {
      throw new DatabaseUnavailable(
          "the embedded PostgreSQL in "
              + folder
              + " (process "
              + process.get().pid()
              + ") does not accept connections: see "
              + log(),
          e);
    }
  }

  private Optional<ProcessHandle> livingProcess() throws IOException {
    if (!Files.exists(pidFile())) {
      return Optional.empty();
    }
    var process = ProcessHandle.of(Long.parseLong(pidFileLine(0))).filter(ProcessHandle::isAlive);
    if (process.isPresent() && isSomethingElse(process.get().info())) {
      // After a reboot the number belongs to another process, and PostgreSQL would refuse to start.
      Files.delete(pidFile());
      return Optional.empty();
    }
    return process;
  }

  /// Judged by the program where it may be seen: any command line may have `postgres` somewhere.
  private static boolean isSomethingElse(ProcessHandle.Info info) {
    return info.command()
        .map(program -> !String.valueOf(Path.of(program).getFileName()).startsWith("postgres"))
        .or(() -> info.commandLine().map(line -> !line.contains("bin/postgres ")))
        .orElse(false);
  }

  private Path pidFile() {
    return data.resolve("postmaster.pid");
  }

  private String pidFileLine(int line) throws IOException {
    return Files.readAllLines(pidFile()).get(line).strip();
  }

  int start(Map<String, String> settings) throws IOException {
    var account = PostgresAccount.ownerOf(data, binaries);
    var log = new ServerLog(log());
    var port = rememberedPort();
    for (var attempt = 1; ; attempt++) {
      configure(account, port, settings);
      log.prepare(account);
      try {
        // Relative to the folder: pg_ctl puts them into a shell's line, which would read a $.
        var start = commands.start(data.getFileName(), log().getFileName());
        programs.runApart(account.command(start));
        Files.writeString(folder.resolve("port"), port + "\n");
        return port;
      } catch (DatabaseUnavailable e) {
        var reason = log.newError().orElseGet(e::getMessage);
        if (attempt == START_ATTEMPTS_MAX || !reason.contains("could not create any TCP/IP")) {
          throw new DatabaseUnavailable(
              "the embedded PostgreSQL in "
                  + folder
                  + " did not start: "
                  + WayOut.addedTo(reason)
                  + " (see "
                  + log()
                  + ")",
              e);
        }
        port = freePort(); // another process was quicker
      }
    }
  }

  /// Stops the server.
  ///
  /// @return whether one was running
  boolean stopIfRunning() throws IOException {
    if (livingProcess().isEmpty()) {
      return false;
    }
    programs.run(PostgresAccount.ownerOf(data, binaries).command(commands.stop(data)));
    return true;
  }

  private Path log() {
    return folder.resolve("server.log");
  }

  private void configure(PostgresAccount account, int port, Map<String, String> extra)
      throws IOException {
    var settings = new LinkedHashMap<String, String>();
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", Integer.toString(port));
    if (!binaries.platform().isWindows()) {
      settings.put("unix_socket_directories", "");
    }
    settings.put("max_connections", "200");
    settings.putAll(extra);
    var file = data.resolve("trunkline.conf");
    Files.writeString(
        file,
        settings.entrySet().stream()
            .map(each -> each.getKey() + " = '" + each.getValue().replace("'", "''") + "'\n")
            .collect(Collectors.joining("", "# Written at each start.\n", "")));
    account.give(file);
  }

  /// The same port as last time when it is free, so that a saved JDBC URL stays good.
  private int rememberedPort() throws IOException {
    var file = folder.resolve("port");
    if (Files.exists(file)) {
      var port = Integer.parseInt(Files.readString(file).strip());
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException _) {
        return freePort();
      }
    }
    return freePort();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
