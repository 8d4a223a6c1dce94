package trunkline.testing;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import javax.tools.ToolProvider;

/// A release of before, compiled from the history of this checkout against the libraries of today.
///
/// Where there is no history (a source archive, a shallow clone) a test that needs one is not run
/// and says so: nobody can install it.
public enum FormerRelease {
  /// The first that was promised to run beside this one.
  FIRST("a245da6", "008", "trunkline.Main", "drain-delay,drain-timeout"),
  /// The one that landed before this one.
  LAST("0d2bcc4", "061", "trunkline.cli.Main", "");

  private static final Path CHECKOUT = Path.of("").toAbsolutePath();
  private static final Path FOLDER = CHECKOUT.resolve("target/releases");

  private final String commit;
  private final String schema;
  private final String mainClass;
  private final String unknownOptions;

  FormerRelease(String commit, String schema, String mainClass, String unknownOptions) {
    this.commit = commit;
    this.schema = schema;
    this.mainClass = mainClass;
    this.unknownOptions = unknownOptions;
  }

  /// Its newest migration.
  public String schema() {
    return schema;
  }

  /// Compiles it, unless that was done before.
  public Release release() {
    try {
      var folder = FOLDER.resolve(commit);
      if (!Files.isDirectory(folder)) {
        build(commit, folder);
      }
      var classPath =
          Stream.concat(Stream.of(folder.resolve("classes").toString()), libraries().stream());
      return new Release(
          "release " + commit,
          classPath.collect(Collectors.joining(File.pathSeparator)),
          mainClass,
          Set.of(unknownOptions.split(",", -1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What is compiled is put in its place whole: a run that was killed leaves nothing that is taken
  /// for a release.
  private static void build(String commit, Path folder) throws IOException {
    if (!isThere(commit)) {
      throw Requirement.forbidden("there is no git history with the release " + commit);
    }
    Files.createDirectories(FOLDER);
    var building = Files.createTempDirectory(FOLDER, commit + "-");
    extract(commit, building);
    var classes = Files.createDirectories(building.resolve("classes"));
    copy(building.resolve("src/main/resources"), classes);
    copy(building.resolve("db/migration"), classes.resolve("db/migration"));
    compile(building, classes);
    Files.move(building, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isThere(String commit) {
    try {
      return run("cat-file", "-e", commit + "^{commit}").onExit().join().exitValue() == 0;
    } catch (IOException _) {
      return false; // no git
    }
  }

  private static void extract(String commit, Path into) throws IOException {
    var archive = run("archive", "--format=zip", commit, "src/main", "db/migration");
    try (var files = new ZipInputStream(archive.getInputStream())) {
      for (var file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
        var place = into.resolve(file.getName());
        if (file.isDirectory()) {
          Files.createDirectories(place);
        } else {
          Files.copy(files, place);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var place = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(place);
        } else {
          Files.copy(file, place);
        }
      }
    }
  }

  private static void compile(Path from, Path to) throws IOException {
    var arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-nowarn",
                "-parameters",
                "-d",
                to.toString(),
                "-cp",
                String.join(File.pathSeparator, libraries())));
    try (var sources = Files.walk(from.resolve("src/main"))) {
      sources.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
    }
    var said = new ByteArrayOutputStream();
    var code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, said, said, arguments.toArray(String[]::new));
    if (code != 0) {
      throw new AssertionError("the former release does not compile any more:\n" + said);
    }
  }

  /// Of today, without the classes under test.
  private static List<String> libraries() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .toList();
  }

  /// The checkout may belong to somebody else than who runs the tests, as in a container.
  private static Process run(String... words) throws IOException {
    var command = new ArrayList<>(List.of("git", "-c", "safe.directory=*"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .directory(CHECKOUT.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
