package trunkline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trunkline.testing.Requirement;
import trunkline.testing.TestDatabase;

/// Goal: starts are quick by a cache that is made on the way, fits or is not used, and is never
/// heard of. Method: the launcher in a folder of its own with jars like the build's, whose first
/// start makes the cache; a start is an instance of one client who leaves at once.
class CachedStartTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final Ran SERVED = new Ran(0, "", "");

  @TempDir private static Path folder;
  private static Path home;
  private static Path cache;

  private record Ran(int code, String out, String err) {}

  /// Two at once, who find none: both serve, and one of them has it made.
  @BeforeAll
  @Timeout(value = 12, unit = MINUTES) // three starts and what the cache takes to be made
  static void theFirstStartsMakeIt() throws Exception {
    home = Files.createDirectories(folder.resolve("a home"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.copy(Path.of("trunkline"), home.resolve("trunkline"));
    Files.setPosixFilePermissions(
        home.resolve("trunkline"), PosixFilePermissions.fromString("rwxr-xr-x"));
    jars(Files.createDirectories(home.resolve("target")));
    impatientNice();
    try (var created = home.getFileSystem().newWatchService()) {
      home.resolve("target").register(created, ENTRY_CREATE);
      try (var db = TestDatabase.create()) {
        var starts = List.of(start(List.of(), db, home), start(List.of(), db, home));
        assertThat(List.of(ended(starts.getFirst()), ended(starts.getLast()))).containsOnly(SERVED);
      }
      List<Path> made = List.of();
      while (made.isEmpty()) {
        var key = Objects.requireNonNull(created.poll(8, MINUTES), CachedStartTest::whatIsThere);
        key.pollEvents();
        assertThat(key.reset()).isTrue();
        made = caches(home);
      }
      assertThat(made).hasSize(1);
      cache = made.getFirst();
      assertThat(cache).isNotEmptyFile();
    }
  }

  @Test
  void a_later_start_uses_it(TestDatabase db) throws Exception {
    assertThat(isUsed(db, home, Map.of())).isTrue();
  }

  /// The JVM would run the classes that it has of the former jar.
  @Test
  void of_another_jar_it_is_not_used(TestDatabase db) throws Exception {
    var other = copy("other jar");
    jar(other.resolve("target/trunkline.jar"), "", CachedStartTest::isLibrary, "one more");

    assertThat(serve(db, other, Map.of())).isEqualTo(SERVED);
    assertThat(isUsed(db, other, Map.of())).isFalse();
  }

  @Test
  void of_another_jdk_it_is_not_used(TestDatabase db) throws Exception {
    var jdk = Files.createDirectories(folder.resolve("jdk"));
    try (var files = Files.list(JDK)) {
      for (var file : files.toList()) {
        Files.createSymbolicLink(jdk.resolve(file.getFileName()), file);
      }
    }
    Files.delete(jdk.resolve("release"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.99\"\n");
    var other = copy("other jdk");

    var environment = Map.of("JAVA_HOME", jdk.toString());
    assertThat(serve(db, other, environment)).isEqualTo(SERVED);
    assertThat(isUsed(db, other, environment)).isFalse();
  }

  @Test
  void a_damaged_one_is_not_used(TestDatabase db) throws Exception {
    var other = copy("damaged");
    Files.writeString(other.resolve("target").resolve(cache.getFileName()), "no cache");

    assertThat(serve(db, other, Map.of())).isEqualTo(SERVED);
  }

  /// Another collector says so itself, and a cache beside another archive would be the JVM's end.
  @Test
  void options_that_it_does_not_go_with_are_obeyed(TestDatabase db) throws Exception {
    for (var option : List.of("-XX:+UseZGC", "-XX:+UseCompactObjectHeaders", "-Xshare:auto")) {
      var ran = serve(db, home, Map.of("JAVA_TOOL_OPTIONS", option));

      assertThat(ran).isEqualTo(new Ran(0, "", "Picked up JAVA_TOOL_OPTIONS: " + option + "\n"));
    }
  }

  @Test
  void where_nothing_can_be_written_a_start_goes_without(TestDatabase db) throws Exception {
    var other = copy("read only");
    Files.delete(other.resolve("target").resolve(cache.getFileName()));

    assertThat(serve(db, other, Map.of())).isEqualTo(SERVED);
    assertThat(caches(other)).isEmpty();
  }

  /// The cache is made at the lowest priority, which on a machine busy with other tests is never.
  private static void impatientNice() throws IOException {
    var nice = Files.createDirectories(folder.resolve("bin")).resolve("nice");
    Files.writeString(nice, "#!/bin/sh\nshift 2\nexec \"$@\"\n");
    Files.setPosixFilePermissions(nice, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String whatIsThere() {
    try (var files = Files.list(home.resolve("target"))) {
      var log = home.resolve("target/rehearsal.log");
      return "no cache was made: "
          + files.toList()
          + (Files.exists(log) ? Files.readString(log) : " and no log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> ordinaryUser() throws IOException {
    return Files.getAttribute(home, "unix:uid").equals(0)
        ? List.of(
            Requirement.program("setpriv").toString(),
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups")
        : List.of();
  }

  private static boolean isUsed(TestDatabase db, Path home, Map<String, String> environment)
      throws Exception {
    var with = new HashMap<>(environment);
    with.put("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=used.log");
    serve(db, home, with);
    return Files.readString(folder.resolve("used.log"))
        .contains("trunkline.Server source: shared objects file");
  }

  /// The same, cache included.
  private static Path copy(String name) throws IOException {
    var copy = folder.resolve(name);
    for (var part : List.of("trunkline", "target/trunkline.jar", "target/trunkline-cli.jar")) {
      Files.createDirectories(copy.resolve(part).getParent());
      Files.copy(home.resolve(part), copy.resolve(part), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.createSymbolicLink(copy.resolve("target/lib"), home.resolve("target/lib"));
    var kept = copy.resolve("target").resolve(cache.getFileName());
    Files.copy(cache, kept, StandardCopyOption.COPY_ATTRIBUTES);
    return copy;
  }

  private static List<Path> caches(Path home) throws IOException {
    try (var files = Files.list(home.resolve("target"))) {
      return files.filter(file -> file.toString().endsWith(".aot")).toList();
    }
  }

  /// As somebody who may not write there, whose folder or not, so that nothing is made beside it.
  private static Ran serve(TestDatabase db, Path home, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = builder(ordinaryUser(), db, home);
    builder.environment().putAll(environment);
    var target = home.resolve("target");
    var permissions = Files.getPosixFilePermissions(target);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      return ended(builder.start());
    } finally {
      Files.setPosixFilePermissions(target, permissions);
    }
  }

  private static Process start(List<String> prefix, TestDatabase db, Path home) throws IOException {
    return builder(prefix, db, home).start();
  }

  private static ProcessBuilder builder(List<String> prefix, TestDatabase db, Path home) {
    var command = new ArrayList<>(prefix);
    command.add(home.resolve("trunkline").toString());
    command.addAll(List.of("serve", "--stdio", "--log-level=error"));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder
        .environment()
        .merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ':' + path);
    builder.environment().put("JAVA_HOME", JDK.toString());
    builder.environment().put("TRUNKLINE_DATABASE_URL", db.url());
    builder.environment().put("TRUNKLINE_DATABASE_USER", db.user());
    builder.environment().put("TRUNKLINE_DATABASE_PASSWORD", db.password());
    return builder.redirectInput(new File("/dev/null"));
  }

  private static Ran ended(Process process) throws IOException, InterruptedException {
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    var err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), out, err);
  }

  /// As the build packs them; the JVM makes no cache of folders.
  private static void jars(Path target) throws IOException {
    var lib = Files.createDirectories(target.resolve("lib"));
    var classPath = new StringBuilder("trunkline.jar");
    for (var entry : System.getProperty("java.class.path").split(":", -1)) {
      if (entry.endsWith(".jar") && !Files.exists(lib.resolve(name(entry)))) {
        Files.copy(Path.of(entry), lib.resolve(name(entry))); // readable for everybody
        classPath.append(" lib/").append(name(entry));
      }
    }
    jar(target.resolve("trunkline.jar"), "", CachedStartTest::isLibrary, "");
    jar(target.resolve("trunkline-cli.jar"), classPath.toString(), name -> !isLibrary(name), "");
  }

  private static String name(String entry) {
    return Path.of(entry).getFileName().toString();
  }

  private static boolean isLibrary(String name) {
    return Stream.of("trunkline/cli/", "trunkline/sample/", "trunkline/conformance/", "META-INF/")
        .noneMatch(name::startsWith);
  }

  private static void jar(Path file, String classPath, Predicate<String> wanted, String comment)
      throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!classPath.isEmpty()) {
      manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
      manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    }
    var classes = classes();
    try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
        var files = Files.walk(classes)) {
      jar.setComment(comment);
      for (var each : files.toList()) {
        var name = classes.relativize(each) + (Files.isDirectory(each) ? "/" : "");
        if (wanted.test(name) && !name.equals("/")) {
          jar.putNextEntry(new JarEntry(name));
          if (!Files.isDirectory(each)) {
            Files.copy(each, jar);
          }
          jar.closeEntry();
        }
      }
    }
  }

  private static Path classes() {
    return Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }
}
