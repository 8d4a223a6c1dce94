package trunkline.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import trunkline.testing.Requirement;

/// A program of somebody else under `src/test/projects`, built as they would build it: by Maven,
/// against our jar and our POM.
///
/// The jar is packed from the classes under test, nothing is compiled again. It is installed into a
/// local repository of the tests' own, in which all else is linked to the machine's: no other
/// checkout, and no project of the developer's, meets this build.
///
/// @param folder where it was built
record MavenProject(Path folder) {
  private static final Duration BUILD_MAX = Duration.ofMinutes(5);
  private static final Path SOURCES = Path.of("src", "test", "projects");
  private static final Path BUILT = Path.of("target", "projects").toAbsolutePath();
  private static final Path REPOSITORY = BUILT.resolve("repository");

  static MavenProject built(String name) throws InterruptedException {
    try {
      link(machinesRepository(), REPOSITORY, Path.of("dev", "trunkline"));
      maven(Path.of(""), "jar:jar@default-jar", "install:install");
      var folder = BUILT.resolve(name);
      copy(SOURCES.resolve(name), folder);
      maven(folder, "package");
      return new MavenProject(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a jar that was built, in this JVM's Java.
  ForeignProcess run(String jar, String... arguments) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-Xmx256m", "-jar", jar));
    command.addAll(List.of(arguments));
    return ForeignProcess.start(folder, command);
  }

  private static void maven(Path folder, String... goals) throws InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Requirement.program("env").toString(),
                "JAVA_HOME=" + System.getProperty("java.home"),
                Requirement.program("mvn").toString(),
                "-B",
                "-q",
                "-ntp",
                "-Dmaven.repo.local=" + REPOSITORY));
    command.addAll(List.of(goals));
    try (var maven = ForeignProcess.start(folder.toAbsolutePath(), command)) {
      if (maven.awaitExit(BUILD_MAX) == 0) {
        return;
      }
      if (maven.text().contains("Could not transfer")) {
        throw Requirement.absent("Maven's repository does not answer");
      }
      throw new AssertionError("Maven failed in " + folder + ":\n" + maven.text());
    }
  }

  /// Where Maven put one of the libraries of this JVM.
  private static Path machinesRepository() {
    try {
      var jar =
          Path.of(LoggerFactory.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      var root = jar;
      for (var level = 0;
          level < "org/slf4j/slf4j-api/version/jar".split("/", -1).length;
          level++) {
        root = root.resolveSibling("");
      }
      return root;
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /// Links what is in one folder into another, all but a path, which the other has for itself.
  private static void link(Path from, Path to, Path but) throws IOException {
    Files.createDirectories(to);
    var own = but.getName(0).toString();
    try (var entries = Files.list(from)) {
      for (var entry : entries.toList()) {
        var name = entry.getFileName().toString();
        if (!name.equals(own) && !Files.exists(to.resolve(name))) {
          Files.createSymbolicLink(to.resolve(name), entry);
        }
      }
    }
    if (but.getNameCount() > 1 && Files.isDirectory(from.resolve(own))) {
      link(from.resolve(own), to.resolve(own), but.subpath(1, but.getNameCount()));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var place = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(place);
        } else {
          Files.copy(file, place, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
