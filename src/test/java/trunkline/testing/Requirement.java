package trunkline.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/// A need of a test that is neither ours nor Maven's: a program of this machine, or the network.
///
/// Where it is absent the test is reported as not run, with one line that says why. With
/// `TRUNKLINE_TEST_REQUIRE=all` in the environment, as in CI, it fails instead, so that nothing is
/// left out unseen.
public final class Requirement {
  private static final String VARIABLE = "TRUNKLINE_TEST_REQUIRE";

  /// The folders of servers, which the PATH of an ordinary user often lacks.
  private static final String MORE_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin";

  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private Requirement() {}

  /// The program of this name; without it the test ends here.
  public static Path program(String name) {
    return findProgram(name).orElseThrow(() -> absent(name + " is not installed"));
  }

  public static Optional<Path> findProgram(String name) {
    var path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + MORE_FOLDERS;
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// The exception to throw when something is missing.
  ///
  /// @param reason one line for the reader of the report
  public static RuntimeException absent(String reason) {
    var aborted = absent(reason, System.getenv().getOrDefault(VARIABLE, ""));
    say(reason);
    return aborted;
  }

  /// The exception to throw when the machine forbids what nobody can install, such as mounting a
  /// disk: not run and said so, wherever that is.
  public static RuntimeException forbidden(String reason) {
    say(reason);
    return new TestAbortedException(reason);
  }

  private static void say(String reason) {
    var line = "Not run: " + test() + ", because " + reason;
    if (SAID.add(line)) {
      System.out.println(line);
    }
  }

  /// The one who asks: a test, or in its constructor a whole class, which no count of the report
  /// shows.
  static String test() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .filter(frame -> frame.getClassName().endsWith("Test"))
                .map(Requirement::name)
                .findFirst())
        .orElse("a test");
  }

  private static String name(StackWalker.StackFrame frame) {
    var type = frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1);
    var method = frame.getMethodName();
    return method.equals("<init>") ? type : type + "." + method;
  }

  static RuntimeException absent(String reason, String required) {
    if (required.equals("all")) {
      throw new AssertionError(VARIABLE + "=all, but " + reason);
    }
    if (!required.isEmpty()) {
      throw new AssertionError(VARIABLE + " is all or not set, not '" + required + "'");
    }
    return new TestAbortedException(reason);
  }
}
