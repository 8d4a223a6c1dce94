package trunkline.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import trunkline.store.DatabaseUnavailable;

/// A PostgreSQL that needs no installation: a real server process on a folder, which outlives any
/// one instance, is joined by the next, and stops when the last one that joined it leaves in peace.
///
/// ```
/// folder/data        the server's own (PGDATA)
///        password    of the user `trunkline`, readable by its creator
///        port        its last port, on 127.0.0.1 only
///        joined/     a locked file per process that uses it
///        lock        held while a process makes, starts or stops it
///        server.log
///        start.log   of the program that started it last
/// ```
public final class EmbeddedPostgres implements AutoCloseable {
  private static final int PASSWORD_BYTES = 24;

  private final Path folder;
  private final int port;
  private final String password;
  private final AtomicBoolean left = new AtomicBoolean();

  private EmbeddedPostgres(Path folder, int port, String password) {
    this.folder = folder;
    this.port = port;
    this.password = password;
  }

  /// Joins the server of the folder; makes and starts it first where need be.
  public static EmbeddedPostgres join(Path folder) {
    return join(folder, Map.of());
  }

  /// As [#join(Path)]; the settings (`postgresql.conf`) hold when this call is what starts it.
  public static EmbeddedPostgres join(Path folder, Map<String, String> settings) {
    try {
      var home = Files.createDirectories(folder).toRealPath();
      try (var _ = FolderLock.take(home)) {
        var server = server(home);
        var running = server.runningPort();
        if (!server.isInitialised()) {
          initialise(server, home, settings);
        }
        var password = Files.readString(passwordFile(home)).strip();
        var port = running.isPresent() ? running.getAsInt() : server.start(settings);
        try {
          server.complete(port, password);
          new JoinedProcesses(home).join();
        } catch (IOException | RuntimeException e) {
          if (running.isEmpty()) {
            var _ = server.stopIfRunning(); // nobody else has joined what we have just started
          }
          throw e;
        }
        return new EmbeddedPostgres(home, port, password);
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /// Stops an unused server, as after a `kill -9` of the last instance.
  ///
  /// @return whether one was running
  /// @throws DatabaseUnavailable when living processes still use it
  public static boolean stop(Path folder) {
    if (!Files.exists(folder.resolve("data"))) {
      return false;
    }
    try {
      var home = folder.toRealPath();
      try (var _ = FolderLock.take(home)) {
        var living = new JoinedProcesses(home).living();
        if (!living.isEmpty()) {
          throw new DatabaseUnavailable(
              "the embedded PostgreSQL in "
                  + folder
                  + " is in use: end these processes first, the last one stops it: "
                  + pids(living));
        }
        return server(home).stopIfRunning();
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /// Leaves; the server stops when no other process has joined it.
  @Override
  public void close() {
    if (!left.compareAndSet(false, true)) {
      return;
    }
    try (var _ = FolderLock.take(folder)) {
      var joined = new JoinedProcesses(folder);
      joined.leave();
      if (joined.living().isEmpty()) {
        var _ = server(folder).stopIfRunning();
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /// The URL of a database on this server; [#database()] exists from the start.
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  public String database() {
    return PostgresServer.DATABASE;
  }

  public String user() {
    return PostgresServer.USER;
  }

  public String password() {
    return password;
  }

  public Path passwordFile() {
    return passwordFile(folder);
  }

  /// The server's own folder, for certificates and `pg_hba.conf`.
  public Path dataFolder() {
    return folder.resolve("data");
  }

  public int port() {
    return port;
  }

  private static void initialise(PostgresServer server, Path home, Map<String, String> settings)
      throws IOException {
    var password = newPassword();
    Files.deleteIfExists(passwordFile(home));
    Files.writeString(Access.privateFile(passwordFile(home)), password + "\n");
    server.initialise(password, settings);
  }

  private static String newPassword() {
    var bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static PostgresServer server(Path home) throws IOException {
    return new PostgresServer(home, PostgresBinaries.unpacked(home.resolve("binaries")));
  }

  private static Path passwordFile(Path home) {
    return home.resolve("password");
  }

  private static String pids(List<Long> living) {
    return String.join(", ", living.stream().map(String::valueOf).toList());
  }

  private static DatabaseUnavailable unusable(Path folder, IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return new DatabaseUnavailable(
          "no permission for "
              + denied.getFile()
              + ": run as the owner of that folder, or choose another --data folder",
          e);
    }
    return new DatabaseUnavailable(
        "the embedded PostgreSQL in " + folder + " cannot be used: " + WayOut.addedTo(said(e)), e);
  }

  private static String said(IOException e) {
    return Objects.requireNonNullElseGet(e.getMessage(), e::toString);
  }
}
