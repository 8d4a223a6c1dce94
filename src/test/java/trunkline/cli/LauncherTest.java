package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.testing.Requirement;

/// Goal: the launcher finds what it needs, or says in one line what is missing. Method: a copy of
/// it in a folder of its own, on a PATH that holds just what each test puts there.
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "dirname",
          "readlink",
          "sed",
          "find",
          "head",
          "ls",
          "mkdir",
          "rm",
          "cp",
          "cat",
          "ln",
          "mv",
          "sleep");

  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir private Path folder;
  private Path home;
  private Path tools;
  private final Map<String, String> environment = new HashMap<>();

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void copyLauncher() throws IOException {
    home = Files.createDirectories(folder.resolve("a home"));
    Files.copy(Path.of("trunkline"), home.resolve("trunkline"));
    executable(home.resolve("trunkline"));
    Files.createDirectories(home.resolve("target").resolve("lib"));
    jar(home.resolve("target").resolve("trunkline-cli.jar"));
    tools = Files.createDirectories(folder.resolve("tools"));
    for (var tool : TOOLS) {
      provide(tool);
    }
    environment.put("PATH", tools.toString());
    environment.put("TRUNKLINE_JDK_FOLDERS", "");
  }

  @Test
  void finds_a_jdk_in_java_home_on_the_path_or_in_a_folder_past_older_ones() throws Exception {
    oldJdk(folder.resolve("jdks").resolve("a-17"), "17.0.9");
    Files.createSymbolicLink(folder.resolve("jdks").resolve("b-new"), JDK);

    environment.put("JAVA_HOME", JDK.toString());
    assertThat(run("--version")).isEqualTo(version());

    environment.put("JAVA_HOME", folder.resolve("jdks").resolve("a-17").toString());
    environment.put("TRUNKLINE_JDK_FOLDERS", folder.resolve("jdks").toString());
    assertThat(run("--version")).isEqualTo(version());

    environment.remove("JAVA_HOME");
    environment.remove("TRUNKLINE_JDK_FOLDERS");
    Files.createSymbolicLink(tools.resolve("java"), JDK.resolve("bin").resolve("java"));
    assertThat(run("--version")).isEqualTo(version());
  }

  /// Goal: the layouts of macOS, Homebrew and SDKMAN, which cannot all be run here.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "25.0.1-tem",
        "temurin-25.jdk/Contents/Home",
        "openjdk@25/libexec/openjdk.jdk/Contents/Home",
        "openjdk@25/libexec"
      })
  void finds_a_jdk_however_deep_its_installer_keeps_it(String layout) throws Exception {
    var jdk = folder.resolve("jdks").resolve(layout);
    Files.createDirectories(jdk.getParent());
    Files.createSymbolicLink(jdk, JDK);
    environment.put("TRUNKLINE_JDK_FOLDERS", folder.resolve("jdks").toString());

    assertThat(run("--version")).isEqualTo(version());
  }

  @Test
  void the_users_own_jdk_comes_before_the_machines_in_a_home_with_spaces_and_umlauts()
      throws Exception {
    var user = folder.resolve("Jörg van der Müller");
    var own = oldJdk(user.resolve(".sdkman/candidates/java/25 tem"), "25.0.1");
    executable(Files.writeString(own.resolve("bin/java"), "#!/bin/sh\necho its own\n"));
    environment.put("HOME", user.toString());
    environment.remove("TRUNKLINE_JDK_FOLDERS");

    assertThat(run("--version")).isEqualTo(new Ran(0, "its own\n", ""));
  }

  /// macOS has bash 3.2, Debian dash, small images busybox: whichever shells this machine has must
  /// run it, from the search for a JDK past an old one to the build.
  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "bash --posix", "busybox sh", "mksh"})
  void every_shell_runs_it(String shell) throws Exception {
    var words = shell.split(" ", -1);
    oldJdk(folder.resolve("jdks").resolve("a-17"), "17.0.9");
    Files.createSymbolicLink(folder.resolve("jdks").resolve("b-new"), JDK);
    environment.put("TRUNKLINE_JDK_FOLDERS", folder.resolve("jdks").toString());
    provide("printf"); // which mksh has not built in
    checkout();
    buildable();
    var command = new ArrayList<>(List.of(Requirement.program(words[0]).toString()));
    command.addAll(List.of(words).subList(1, words.length));

    var ran = ended(start(command, home.resolve("trunkline"), "--version"));

    assertThat(ran.code()).as("%s", ran).isZero();
    assertThat(ran.out()).isEqualTo(version().out());
    assertThat(home.resolve("times")).hasContent("built");
  }

  /// The programs of macOS and BSD know no long options, their older `readlink` none at all; and
  /// macOS has no `flock`.
  @Test
  void needs_no_option_that_only_gnu_has() throws Exception {
    for (var tool : TOOLS) {
      var refused = tool.equals("readlink") ? "-*" : "--?*";
      executable(
          Files.writeString(
              tools.resolve(tool),
              "#!/bin/sh\nfor word; do case $word in %s) echo \"%s: illegal option $word\" >> '%s'; exit 1;; esac; done\nexec %s \"$@\"\n"
                  .formatted(refused, tool, folder.resolve("refused"), program(tool))));
    }
    Files.createSymbolicLink(tools.resolve("java"), JDK.resolve("bin").resolve("java"));
    checkout();
    buildable();
    var link = Files.createSymbolicLink(folder.resolve("linked"), home.resolve("trunkline"));

    assertThat(ended(start(link, "--version")).out()).isEqualTo(version().out());
    assertThat(home.resolve("times")).hasContent("built");
    assertThat(folder.resolve("refused")).doesNotExist();
    assertThat(home.resolve("target/build.by")).doesNotExist();
  }

  @Test
  void a_build_that_was_killed_does_not_keep_others_waiting() throws Exception {
    var gone = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
    gone.waitFor();
    checkout();
    buildable();
    environment.put("JAVA_HOME", JDK.toString());
    Files.createSymbolicLink(home.resolve("target/build.by"), Path.of(Long.toString(gone.pid())));

    assertThat(run("--version").out()).isEqualTo(version().out());
  }

  @Test
  void a_jdk_that_is_too_old_or_absent_is_one_line() throws Exception {
    assertThat(run("serve").err())
        .hasLineCount(1)
        .startsWith("trunkline: a JDK 25 or newer is needed, no JDK was found: install one");

    var old = oldJdk(folder.resolve("jdks").resolve("17"), "17.0.9");
    oldJdk(folder.resolve("jdks").resolve("8"), "1.8.0_402");
    environment.put("TRUNKLINE_JDK_FOLDERS", folder.resolve("jdks").toString());
    var ran = run("serve");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .hasLineCount(1)
        .contains("the newest one found is 17 (" + old + ")")
        .contains("set JAVA_HOME");
  }

  @Test
  void no_maven_is_one_line() throws Exception {
    checkout();
    environment.put("JAVA_HOME", JDK.toString());

    for (var command : List.of("serve", "test")) {
      var ran = run(command);
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.err()).hasLineCount(1).contains("Maven 3.8.7 or newer").contains("install");
    }
  }

  @Test
  void the_suite_runs_on_another_major_version_of_postgresql() throws Exception {
    checkout();
    Files.copy(Path.of("pom.xml"), home.resolve("pom.xml"), StandardCopyOption.REPLACE_EXISTING);
    environment.put("JAVA_HOME", JDK.toString());
    maven("echo \"$@\"");

    assertThat(run("test", "--postgres", "16", "-Dtest=X").out())
        .matches("(?s).* verify -Dpostgres-binaries\\.version=16\\.[0-9.]+ -Dtest=X\\n");
    assertThat(run("test", "--postgres=15").out()).contains("-Dpostgres-binaries.version=15.");
    assertThat(run("test").out()).doesNotContain("postgres");
    assertThat(run("test", "--postgres", "17", "--storage", "-X").out())
        .contains(" test-compile surefire:test -Dpostgres-binaries.version=17.")
        .contains(" -Dtest=trunkline/**/*RowsTest,")
        .endsWith(" -X\n");
    for (var wrong : List.of("14", "latest", "")) {
      var ran = run("test", "--postgres=" + wrong);
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.err()).hasLineCount(1).contains("15 16 17 18 and not '" + wrong + "'");
    }
  }

  @Test
  void a_build_that_fails_is_one_line_with_the_log() throws Exception {
    checkout();
    environment.put("JAVA_HOME", JDK.toString());
    maven("echo '[INFO] x'; echo '[ERROR] no network'; echo '[ERROR] more'; exit 1");

    var ran = run("serve");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err().lines().toList().getLast())
        .isEqualTo(
            "trunkline: the build failed: no network (all of it: "
                + home.toRealPath().resolve("target/build.log")
                + ")");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void what_is_older_than_its_sources_is_built_once_even_by_two(boolean withFlock)
      throws Exception {
    checkout();
    environment.put("JAVA_HOME", JDK.toString());
    if (withFlock) {
      provide("flock");
    }
    buildable();

    var first = start("--version");
    var second = start("--version");
    assertThat(List.of(ended(first).code(), ended(second).code())).containsOnly(0);
    assertThat(run("--version")).isEqualTo(version());

    assertThat(home.resolve("times")).hasContent("built");
  }

  /// Goal: a checkout of somebody else's, or on a medium that is read only.
  @Test
  void a_checkout_that_cannot_be_written_runs_when_it_is_built_and_says_so_when_it_is_not()
      throws Exception {
    environment.put("JAVA_HOME", JDK.toString());
    Files.setPosixFilePermissions(
        home.resolve("target"), PosixFilePermissions.fromString("r-xr-xr-x"));
    assertThat(run("--version")).isEqualTo(version());

    checkout();
    var ran = ended(asOrdinaryUser("serve"));

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .hasLineCount(1)
        .contains("cannot write " + home.toRealPath().resolve("target"))
        .contains("as the owner of the folder");
  }

  @Test
  void arguments_arrive_as_they_were_typed_through_a_link_too() throws Exception {
    environment.put("JAVA_HOME", JDK.toString());
    var link = Files.createSymbolicLink(folder.resolve("linked"), home.resolve("trunkline"));

    var ran = ended(start(link, "serve", "--features=a  b", "no such'thing"));

    assertThat(ran)
        .isEqualTo(
            new Ran(
                2,
                "",
                "trunkline: serve does not take 'no such'thing': see ./trunkline serve --help\n"));
  }

  /// Goal: the proof needs the JDK and the jar alone, on a machine that has run no test.
  @Test
  void the_proof_and_the_benchmark_are_compiled_once_or_told_that_they_need_a_checkout()
      throws Exception {
    environment.put("JAVA_HOME", JDK.toString());
    var ran = run("demo", "--help");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).hasLineCount(1).contains("demo runs in a source checkout");

    Files.createDirectories(home.resolve("src/test"));
    Files.createSymbolicLink(
        home.resolve("src/test/java"), Path.of("src/test/java").toAbsolutePath());
    assertThat(run("demo", "--help").out()).startsWith("Usage: ./trunkline demo");
    assertThat(home.resolve("target/kit.jar")).exists();
    assertThat(run("chaos", "--seed", "x"))
        .isEqualTo(new Ran(2, "", "trunkline: --seed: 'x' is not a whole number\n"));
    assertThat(run("bench", "--only=nothing").err())
        .startsWith("trunkline: --only: there is no row 'nothing': stateless, ");
  }

  /// Without a locale, as in cron and in containers, Java would read ASCII.
  @Test
  void a_path_with_umlauts_is_understood_without_a_locale() throws Exception {
    environment.put("JAVA_HOME", JDK.toString());

    var ran = run("stop", "--data", "Jörgs dätä");

    assertThat(ran)
        .isEqualTo(new Ran(0, "No embedded PostgreSQL is running in Jörgs dätä/postgres.\n", ""));
  }

  private static Ran version() {
    return new Ran(0, "Trunkline development (Java " + Runtime.version() + ")\n", "");
  }

  private Ran run(String... arguments) throws IOException, InterruptedException {
    return ended(start(arguments));
  }

  private Process start(String... arguments) throws IOException {
    return start(home.resolve("trunkline"), arguments);
  }

  private Process start(Path launcher, String... arguments) throws IOException {
    return start(List.of(), launcher, arguments);
  }

  /// Root may write everywhere, so it becomes somebody else.
  private Process asOrdinaryUser(String... arguments) throws IOException {
    var reachable = PosixFilePermissions.fromString("rwxr-xr-x");
    Files.setPosixFilePermissions(folder, reachable);
    var isRoot = Files.getAttribute(home, "unix:uid").equals(0);
    return start(
        isRoot
            ? List.of(
                Requirement.program("setpriv").toString(),
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups")
            : List.of(),
        home.resolve("trunkline"),
        arguments);
  }

  private Process start(List<String> prefix, Path launcher, String... arguments)
      throws IOException {
    var command = new ArrayList<>(prefix);
    command.add(launcher.toString());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Ran ended(Process process) throws IOException, InterruptedException {
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), out, err);
  }

  /// Makes the folder look like a checkout whose sources are newer than the jar.
  private void checkout() throws IOException {
    Files.createDirectories(home.resolve("src/main"));
    Files.createDirectories(home.resolve("db/migration"));
    Files.createFile(home.resolve("pom.xml"));
    Files.setLastModifiedTime(
        home.resolve("target/trunkline-cli.jar"),
        FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
  }

  /// Maven stands in for a build that takes a moment and is counted.
  private void buildable() throws IOException {
    Files.copy(home.resolve("target/trunkline-cli.jar"), home.resolve("built.jar"));
    maven("echo built >> '%s/times'; cp '%s/built.jar' '%s/target/trunkline-cli.jar'");
  }

  private void maven(String script) throws IOException {
    var text = script.replace("%s", home.toString());
    executable(Files.writeString(tools.resolve("mvn"), "#!/bin/sh\n" + text + "\n"));
  }

  private static Path oldJdk(Path jdk, String version) throws IOException {
    Files.createDirectories(jdk.resolve("bin"));
    for (var program : List.of("java", "javac")) {
      executable(Files.writeString(jdk.resolve("bin").resolve(program), "#!/bin/sh\nexit 99\n"));
    }
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  private static void jar(Path file) throws IOException {
    var classPath = new StringBuilder();
    for (var entry : System.getProperty("java.class.path").split(":", -1)) {
      classPath.append(Path.of(entry).toUri()).append(' ');
    }
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath.toString());
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
  }

  /// Puts one of the system's programs on the launcher's path.
  private void provide(String name) throws IOException {
    var script = "#!/bin/sh\nexec " + program(name) + " \"$@\"\n";
    executable(Files.writeString(tools.resolve(name), script));
  }

  private static String program(String name) {
    return Stream.of("/usr/bin/", "/bin/")
        .map(at -> at + name)
        .filter(at -> Files.exists(Path.of(at)))
        .findFirst()
        .orElseThrow();
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
