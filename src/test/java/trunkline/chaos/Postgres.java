package trunkline.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import trunkline.embedded.EmbeddedPostgres;
import trunkline.store.DatabaseUnavailable;

/// A PostgreSQL of the run's own in a folder of its own, which can be restarted under everybody's
/// hands. It runs without fsync: processes crash here, not machines.
final class Postgres implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.of("fsync", "off", "full_page_writes", "off", "shared_buffers", "32MB");

  private static final int ATTEMPTS_MAX = 3;
  private static final int STOP_SECONDS_MAX = 60;

  private final Path folder;
  private EmbeddedPostgres server;

  Postgres(Path folder) {
    this.folder = folder;
    this.server = start(folder);
  }

  /// In the way of `pg_ctl stop`: INT is its mode `fast`, QUIT is `immediate`, which is a crash.
  void restart(String signal) {
    var port = server.port();
    stop(signal);
    server.close();
    server = start(folder);
    if (server.port() != port) {
      throw new IllegalStateException(
          "another program took PostgreSQL's port %d while it was away: run it again"
              .formatted(port));
    }
  }

  /// A busy machine may not answer in time.
  private static EmbeddedPostgres start(Path folder) {
    for (var attempt = 1; ; attempt++) {
      try {
        return EmbeddedPostgres.join(folder, SETTINGS);
      } catch (DatabaseUnavailable e) {
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private void stop(String signal) {
    try {
      var pid = Files.readAllLines(server.dataFolder().resolve("postmaster.pid")).getFirst();
      var process = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
      new ProcessBuilder("kill", "-" + signal, pid.strip()).inheritIO().start().onExit().join();
      process.onExit().orTimeout(STOP_SECONDS_MAX, TimeUnit.SECONDS).join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CompletionException e) {
      throw new IllegalStateException("PostgreSQL did not stop: see " + folder, e);
    }
  }

  int port() {
    return server.port();
  }

  String url() {
    return server.jdbcUrl(server.database());
  }

  String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + server.database();
  }

  String user() {
    return server.user();
  }

  String password() {
    return server.password();
  }

  @Override
  public void close() {
    server.close();
  }
}
