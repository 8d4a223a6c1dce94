package trunkline.peer;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import trunkline.testing.Requirement;

/// Node with the packages of `src/test/peers`, or of the folder in it with the clients that people
/// use; found or installed once per build folder.
///
/// @param program node itself, of the PATH or npm's
/// @param folder where `node_modules` and the scripts are
record Node(Path program, Path folder) {
  private static final int MAJOR_MIN = 22; // the suite's
  private static final Duration INSTALLATION_MAX = Duration.ofMinutes(3);
  private static final Packages PEERS =
      new Packages(
          Path.of("src", "test", "peers"),
          Path.of("target", "peers"),
          List.of(
              "lines.mjs",
              "client.mjs",
              "strict.mjs",
              "scenarios.mjs",
              "stateless.mjs",
              "oauth.mjs"));
  private static final Packages CLIENTS =
      new Packages(
          Path.of("src", "test", "peers", "clients"),
          Path.of("target", "clients"),
          List.of("clients.mjs"));

  /// What npm says when the registry does not answer, in contrast to when something is wrong.
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH"
              + "|ERR_SOCKET_TIMEOUT|ENOTCACHED|FETCH_ERROR|\\bE5\\d\\d\\b");

  /// What is installed together.
  ///
  /// @param sources where the list of packages and the scripts are
  /// @param folder where they are installed
  private record Packages(Path sources, Path folder, List<String> scripts) {}

  /// Without it the test ends here.
  static Node required() throws InterruptedException {
    return required(PEERS);
  }

  /// The same with the clients that people use.
  static Node withClients() throws InterruptedException {
    return required(CLIENTS);
  }

  private static Node required(Packages packages) throws InterruptedException {
    try {
      var own = Requirement.findProgram("node").filter(Node::isNewEnough);
      var folder = Files.createDirectories(packages.folder);
      // Two JVMs share the tests, and one folder.
      try (var lock = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
          var _ = lock.lock()) {
        for (var source : packages.scripts) {
          copy(packages, source);
        }
        install(packages, own.isEmpty());
      }
      var program = own.orElse(folder.resolve("node_modules/node/bin/node"));
      return new Node(program.toAbsolutePath(), folder.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ForeignProcess start(String script, String... arguments) {
    var command = new ArrayList<>(List.of(program.toString(), script));
    command.addAll(List.of(arguments));
    return ForeignProcess.start(folder, command);
  }

  /// Leaves what is the same alone, which the other JVM may be reading.
  private static void copy(Packages packages, String source) throws IOException {
    var from = packages.sources.resolve(source);
    var to = packages.folder.resolve(source);
    if (!Files.exists(to) || Files.mismatch(from, to) >= 0) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static boolean isNewEnough(Path node) {
    try (var version = ForeignProcess.start(Path.of("."), List.of(node.toString(), "--version"))) {
      var line = version.awaitLine(text -> text.startsWith("v"), Duration.ofSeconds(20));
      return Integer.parseInt(line.substring(1, line.indexOf('.'))) >= MAJOR_MIN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (AssertionError e) {
      return false; // it does not even say its version
    }
  }

  /// The stamp holds what was installed, and is written last.
  private static void install(Packages packages, boolean withNode)
      throws IOException, InterruptedException {
    var wanted =
        Files.readString(packages.sources.resolve("package-lock.json")) + "node: " + withNode;
    var stamp = packages.folder.resolve("installed");
    if (Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
      return;
    }
    Files.deleteIfExists(stamp);
    copy(packages, "package.json");
    copy(packages, "package-lock.json");
    var command =
        new ArrayList<>(
            List.of(
                Requirement.program("npm").toString(),
                "ci",
                "--no-audit",
                "--no-fund",
                "--no-update-notifier",
                "--prefer-offline",
                "--fetch-retries=1",
                "--fetch-timeout=20000"));
    if (!withNode) {
      command.add("--omit=optional");
    }
    try (var npm = ForeignProcess.start(packages.folder, command)) {
      if (npm.awaitExit(INSTALLATION_MAX) != 0) {
        if (UNREACHABLE.matcher(npm.text()).find()) {
          throw Requirement.absent("npm's registry does not answer");
        }
        throw new AssertionError("npm failed:\n" + npm.text());
      }
    }
    Files.writeString(stamp, wanted);
  }
}
