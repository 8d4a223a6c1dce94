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

/// Node with the packages of `src/test/peers`, found or installed once per build folder.
///
/// @param program node itself, of the PATH or npm's
/// @param folder where `node_modules` and the scripts are
record Node(Path program, Path folder) {
  private static final int MAJOR_MIN = 22; // the suite's
  private static final Duration INSTALLATION_MAX = Duration.ofSeconds(100);
  private static final Path SOURCES = Path.of("src", "test", "peers");
  private static final List<String> SCRIPTS =
      List.of("lines.mjs", "client.mjs", "strict.mjs", "scenarios.mjs", "stateless.mjs");
  private static final Path FOLDER = Path.of("target", "peers");

  /// What npm says when the registry does not answer, in contrast to when something is wrong.
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH"
              + "|ERR_SOCKET_TIMEOUT|ENOTCACHED|FETCH_ERROR|\\bE5\\d\\d\\b");

  /// Without it the test ends here.
  static Node required() throws InterruptedException {
    try {
      var own = Requirement.findProgram("node").filter(Node::isNewEnough);
      Files.createDirectories(FOLDER);
      // Two JVMs share the tests, and one folder.
      try (var lock = FileChannel.open(FOLDER.resolve("lock"), CREATE, WRITE);
          var _ = lock.lock()) {
        for (var source : SCRIPTS) {
          copy(source);
        }
        install(own.isEmpty());
      }
      var program = own.orElse(FOLDER.resolve("node_modules/node/bin/node"));
      return new Node(program.toAbsolutePath(), FOLDER.toAbsolutePath());
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
  private static void copy(String source) throws IOException {
    var from = SOURCES.resolve(source);
    var to = FOLDER.resolve(source);
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
  private static void install(boolean withNode) throws IOException, InterruptedException {
    var wanted = Files.readString(SOURCES.resolve("package-lock.json")) + "node: " + withNode;
    var stamp = FOLDER.resolve("installed");
    if (Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
      return;
    }
    Files.deleteIfExists(stamp);
    copy("package.json");
    copy("package-lock.json");
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
    try (var npm = ForeignProcess.start(FOLDER, command)) {
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
