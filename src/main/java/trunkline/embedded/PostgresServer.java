package trunkline.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import trunkline.store.DatabaseUnavailable;

/// One PostgreSQL data folder and the process that may run on it; the caller holds the
/// [FolderLock].
///
/// The process is no child of ours: `pg_ctl` puts it into its own session, so that neither the end
/// of the JVM that started it nor a ctrl-C in its terminal reaches it.
final class PostgresServer {
  static final String USER = "trunkline";
  static final String DATABASE = "trunkline";

  private static final String START_SECONDS_MAX = "60";
  private static final int START_ATTEMPTS_MAX = 3;
  private static final int CONNECT_MILLIS_MAX = 2_000;
  private static final long LOG_BYTES_MAX = 16L << 20;

  private final Path folder;
  private final Path data;
  private final PostgresBinaries binaries;

  PostgresServer(Path folder, PostgresBinaries binaries) {
    this.folder = folder;
    this.data = folder.resolve("data");
    this.binaries = binaries;
  }

  boolean isInitialised() {
    return Files.exists(data.resolve("PG_VERSION"));
  }

  /// Makes the data folder with one user, its password, and an empty database.
  void initialise(String password, Map<String, String> settings) throws IOException {
    var fresh = folder.resolve("data.new");
    var passwordFile = folder.resolve("password.new");
    Folders.delete(fresh);
    Files.deleteIfExists(passwordFile);
    var account = PostgresAccount.choose(folder, binaries);
    account.give(Files.createDirectory(fresh, ownerOnly("rwx------")));
    Files.createFile(passwordFile, ownerOnly("rw-------"));
    Files.writeString(passwordFile, password);
    account.give(passwordFile);
    try {
      var initdb =
          new ArrayList<>(
              List.of(
                  binaries.program("initdb").toString(),
                  "--pgdata=" + fresh,
                  "--username=" + USER,
                  "--pwfile=" + passwordFile,
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--locale=C",
                  "--no-instructions"));
      if ("off".equals(settings.get("fsync"))) {
        initdb.add("--no-sync");
      }
      run(account, initdb, "");
    } finally {
      Files.delete(passwordFile);
    }
    Files.writeString(
        fresh.resolve("postgresql.conf"),
        "include_if_exists = 'trunkline.conf'\n",
        StandardOpenOption.APPEND);
    // Single-user mode needs no password and no port, and the binaries bring no psql.
    run(
        account,
        List.of(
            binaries.program("postgres").toString(),
            "--single",
            "-D",
            fresh.toString(),
            "-c",
            "exit_on_error=on",
            "postgres"),
        "CREATE DATABASE " + DATABASE + "\n");
    Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
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
    var commandLine = process.flatMap(living -> living.info().commandLine());
    if (commandLine.isPresent() && !commandLine.get().contains("postgres")) {
      // After a reboot the number belongs to another process, and PostgreSQL would refuse to start.
      Files.delete(pidFile());
      return Optional.empty();
    }
    return process;
  }

  private Path pidFile() {
    return data.resolve("postmaster.pid");
  }

  private String pidFileLine(int line) throws IOException {
    return Files.readAllLines(pidFile()).get(line).strip();
  }

  int start(Map<String, String> settings) throws IOException {
    var account = PostgresAccount.ownerOf(data, binaries);
    var port = rememberedPort();
    for (var attempt = 1; ; attempt++) {
      configure(account, port, settings);
      try {
        pgCtl(account, "start", "--log=" + preparedLog(account));
        Files.writeString(folder.resolve("port"), port + "\n");
        return port;
      } catch (DatabaseUnavailable e) {
        var reason = lastError();
        if (attempt == START_ATTEMPTS_MAX || !reason.contains("could not create any TCP/IP")) {
          throw new DatabaseUnavailable(
              "the embedded PostgreSQL did not start: " + reason + " (see " + log() + ")", e);
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
    pgCtl(PostgresAccount.ownerOf(data, binaries), "stop", "--mode=fast");
    return true;
  }

  private Path log() {
    return folder.resolve("server.log");
  }

  private void pgCtl(PostgresAccount account, String action, String option) throws IOException {
    run(
        account,
        List.of(
            binaries.program("pg_ctl").toString(),
            action,
            "--pgdata=" + data,
            "--wait",
            "--timeout=" + START_SECONDS_MAX,
            "--silent",
            option),
        "");
  }

  private void configure(PostgresAccount account, int port, Map<String, String> extra)
      throws IOException {
    var settings = new LinkedHashMap<String, String>();
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", Integer.toString(port));
    settings.put("unix_socket_directories", "");
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

  private Path preparedLog(PostgresAccount account) throws IOException {
    if (Files.exists(log()) && Files.size(log()) > LOG_BYTES_MAX) {
      Files.move(log(), folder.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(log())) {
      Files.createFile(log(), ownerOnly("rw-------"));
    }
    account.give(log());
    return log();
  }

  private String lastError() throws IOException {
    var lines = Files.readAllLines(log(), StandardCharsets.ISO_8859_1);
    return lines.reversed().stream()
        .filter(line -> line.contains("FATAL:"))
        .findFirst()
        .map(line -> line.substring(line.indexOf("FATAL:") + 6).strip())
        .orElse("no reason given");
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

  private void run(PostgresAccount account, List<String> command, String input) {
    try {
      var process =
          new ProcessBuilder(account.command(command))
              .directory(folder.toFile())
              .redirectErrorStream(true);
      process.environment().put("LC_ALL", "C");
      var running = process.start();
      try (var stdin = running.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      var output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var code = running.waitFor();
      if (code != 0) {
        var program = Path.of(command.getFirst()).getFileName();
        throw new DatabaseUnavailable(
            program + " failed (exit code " + code + "): " + output.strip().replace("\n", " | "));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailable("interrupted while waiting for PostgreSQL", e);
    }
  }

  private static FileAttribute<?> ownerOnly(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }
}
