package trunkline.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// A throw-away PostgreSQL for this JVM. A shell waits on a pipe from this JVM and takes the server
/// and its folder along when the pipe closes, so even a killed JVM leaves nothing behind.
final class LocalPostgres {
  private static final String RUN =
      """
      set -e
      initdb --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
        --no-instructions >initdb.log 2>&1 || { cat initdb.log; exit 1; }
      postgres -D data -p "$1" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
        -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB -c autovacuum_naptime=5s \
        >postgres.log 2>&1 </dev/null &
      server=$!
      echo started
      read line || true
      kill -QUIT $server
      wait $server || true
      cd / && rm -rf "$2"
      """;

  private static final int NOBODY = 65534;

  private LocalPostgres() {}

  static TestPostgres start() {
    try {
      var binaries = binaries();
      var folder = Files.createTempDirectory("trunkline-test-postgres-");
      var port = freePort();
      var command = new ArrayList<>(asUnprivileged(folder));
      command.addAll(List.of("sh", "-c", RUN, "trunkline-test", Integer.toString(port)));
      command.add(folder.toString());
      var builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      builder.environment().merge("PATH", binaries.toString(), (path, bin) -> bin + ":" + path);
      builder.environment().put("LC_ALL", "C");
      var process = builder.start();
      var first = process.inputReader(StandardCharsets.UTF_8).readLine();
      if (!"started".equals(first)) {
        throw new IllegalStateException("the embedded PostgreSQL did not start: " + first);
      }
      var server =
          new TestPostgres(
              "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "postgres");
      requireAnswer(server, process);
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("the embedded PostgreSQL did not start", e);
    }
  }

  private static void requireAnswer(TestPostgres server, Process process) {
    var deadline = System.nanoTime() + 60_000_000_000L;
    while (true) {
      try (var _ = DriverManager.getConnection(server.url(), server.credentials())) {
        return;
      } catch (SQLException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException("the embedded PostgreSQL did not start", e);
        }
        Thread.onSpinWait();
      }
    }
  }

  /// PostgreSQL refuses to run as root.
  private static List<String> asUnprivileged(Path folder) throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    Files.setAttribute(folder, "unix:uid", NOBODY);
    return List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Unpacks the archive once per machine and version.
  private static Path binaries() throws IOException {
    var machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    var archive = "/postgres-linux-" + (machine.contains("aarch64") ? "arm_64" : "x86_64") + ".txz";
    try (var packed = LocalPostgres.class.getResourceAsStream(archive)) {
      if (packed == null) {
        throw new IllegalStateException("no embedded PostgreSQL for this machine: " + archive);
      }
      var bytes = packed.readAllBytes();
      var home =
          Path.of(
              System.getProperty("java.io.tmpdir"),
              "trunkline-test-binaries-" + System.getProperty("user.name") + "-" + bytes.length);
      if (!Files.isDirectory(home)) {
        unpack(new ByteArrayInputStream(bytes), home);
      }
      return home.resolve("bin");
    }
  }

  private static void unpack(InputStream packed, Path home) throws IOException {
    var fresh = Files.createTempDirectory("trunkline-test-unpack-");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var tar = new TarArchiveInputStream(new XZInputStream(packed))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var target = fresh.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(tar, target);
          if ((entry.getMode() & 0100) != 0) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
          }
        }
      }
    }
    try {
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(home)) {
        throw e;
      }
      delete(fresh); // another JVM was faster
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
