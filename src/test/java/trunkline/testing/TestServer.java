package trunkline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import trunkline.embedded.EmbeddedPostgres;

/// A PostgreSQL server of one test's own, for faults that a shared one must not have: it crashes,
/// is short of something, or has a standby. It runs without fsync: processes crash here, not
/// machines.
public final class TestServer implements AutoCloseable {
  private static final int STOP_SECONDS_MAX = 60;

  private final Path folder;
  private final EmbeddedPostgres server;

  private TestServer(Path folder, EmbeddedPostgres server) {
    this.folder = folder;
    this.server = server;
  }

  /// Starts the one of this folder, which is made where need be.
  ///
  /// @param settings as in `postgresql.conf`
  public static TestServer start(Path folder, Map<String, String> settings) {
    var all = new LinkedHashMap<String, String>();
    all.put("fsync", "off");
    all.put("shared_buffers", "32MB");
    all.putAll(settings);
    return new TestServer(folder, EmbeddedPostgres.join(folder, all));
  }

  /// Its only database, empty until an instance starts on it.
  public TestDatabase database() {
    var url = server.jdbcUrl(server.database());
    return new TestDatabase(
        new TestPostgres(url, server.user(), server.password()), server.database());
  }

  /// A further database, whose tables are in this tablespace; empty until an instance starts on it.
  public TestDatabase database(String name, String tablespace) {
    database().sql("create database " + name + " tablespace " + tablespace);
    var url = server.jdbcUrl(name);
    return new TestDatabase(new TestPostgres(url, server.user(), server.password()), name);
  }

  public int port() {
    return server.port();
  }

  public Path dataFolder() {
    return server.dataFolder();
  }

  /// In the way of `pg_ctl stop --mode=immediate`; it stays away.
  public void crash() {
    try {
      var pid = Files.readAllLines(dataFolder().resolve("postmaster.pid")).getFirst().strip();
      var process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      run("kill", "-QUIT", pid);
      process.onExit().orTimeout(STOP_SECONDS_MAX, TimeUnit.SECONDS).join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A standby of it that streams: the programs of the embedded server have no `pg_basebackup`, so
  /// the folder is copied between the two functions that it calls.
  ///
  /// @param name as `synchronous_standby_names` has it
  public TestServer standby(Path place, String name) throws SQLException, IOException {
    var data = Files.createDirectories(place).resolve("data");
    try (var connection = database().open()) {
      TestDatabase.run(connection, "select pg_backup_start('standby', true)");
      run("cp", "-a", dataFolder().toString(), data.toString());
      Files.delete(data.resolve("postmaster.pid"));
      try (var segments = Files.list(data.resolve("pg_wal"))) {
        for (var segment : segments.filter(Files::isRegularFile).toList()) {
          Files.delete(segment);
        }
      }
      var label =
          TestDatabase.run(connection, "select labelfile from pg_backup_stop(false)").text();
      Files.writeString(data.resolve("backup_label"), label);
    }
    Files.createFile(data.resolve("standby.signal"));
    Files.copy(folder.resolve("password"), place.resolve("password"));
    return start(
        place,
        Map.of(
            "primary_conninfo",
            "host=127.0.0.1 port=%d user=%s password=%s application_name=%s"
                .formatted(port(), server.user(), server.password(), name)));
  }

  private static void run(String... command) throws IOException {
    new ProcessBuilder(command).inheritIO().start().onExit().join();
  }

  @Override
  public void close() {
    server.close();
  }
}
