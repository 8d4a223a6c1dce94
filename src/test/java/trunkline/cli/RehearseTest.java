package trunkline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: what a rehearsal leaves behind is a cache of these jars or the word that there is none,
/// and nothing else of it. Method: the launcher with a JDK that does what each test makes it do
/// where the JVM would learn; [CachedStartTest] has it learn.
class RehearseTest {
  private static final String LEARNS = "echo learned > \"${1#*=}\"";

  @TempDir private Path folder;
  private Path target;
  private Path jdk;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void build() throws IOException {
    target = Files.createDirectories(folder.resolve("a home/target"));
    executable(Files.copy(Path.of("trunkline"), target.resolveSibling("trunkline")));
    Files.createDirectories(target.resolve("lib"));
    for (var jar : List.of("trunkline-cli.jar", "trunkline.jar", "lib/one.jar")) {
      Files.writeString(target.resolve(jar), jar);
    }
    jdk = folder.resolve("a jdk");
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    java(LEARNS);
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("TRUNKLINE_JDK_FOLDERS", "");
  }

  @Test
  void the_cache_takes_the_place_of_those_of_other_jars() throws Exception {
    var other = Files.writeString(target.resolve("1-1.aot"), "of others");

    rehearse();

    assertThat(made()).singleElement().isNotEqualTo(other);
    assertThat(made().getFirst()).hasContent("learned");
  }

  @Test
  void one_that_is_there_is_not_made_again() throws Exception {
    rehearse();
    java("echo again > \"${1#*=}\"");
    rehearse();

    assertThat(made()).singleElement().satisfies(cache -> assertThat(cache).hasContent("learned"));
  }

  @Test
  void a_failure_is_remembered_and_costs_nobody_his_cache() throws Exception {
    var other = Files.writeString(target.resolve("1-1.aot"), "of others");
    java(LEARNS + "; exit 1");

    rehearse();

    assertThat(made()).hasSize(2).contains(other);
    assertThat(other).hasContent("of others");
    assertThat(made()).anySatisfy(cache -> assertThat(cache).isEmptyFile());
    assertThat(target.resolve("rehearsal.log"))
        .content(UTF_8)
        .matches("no cache could be made in [0-9]+ s\n");
  }

  @Test
  void what_was_learned_of_jars_that_changed_meanwhile_is_thrown_away() throws Exception {
    java(LEARNS + "; echo newer >> '" + target.resolve("trunkline.jar") + "'");

    rehearse();

    assertThat(made()).isEmpty();
    assertThat(target.resolve("rehearsal.log")).hasContent("the jars are others meanwhile");
  }

  /// It would keep all others from it, and with it what it has started.
  @Test
  void one_that_does_not_end_is_ended_and_tried_again_another_time() throws Exception {
    java("trap 'echo told; exit 1' TERM; while :; do sleep 1; done");

    rehearse("1");

    assertThat(made()).isEmpty();
    assertThat(target.resolve("rehearsal.log"))
        .content(UTF_8)
        .contains("told\n", "the next start tries it again\n");
  }

  /// A file system says how many blocks a file takes when it has written it, later.
  @Test
  void where_the_jars_take_more_room_meanwhile_the_cache_is_theirs_all_the_same() throws Exception {
    var library = target.resolve("lib/one.jar");
    try (var file = new RandomAccessFile(library.toFile(), "rw")) {
      file.setLength(1 << 20);
    }
    java(
        LEARNS
            + "; cp -p '%1$s' \"$6.time\" && head -c 1048576 /dev/urandom > '%1$s' && touch -r \"$6.time\" '%1$s'; rm \"$6.time\""
                .formatted(library));

    rehearse();

    assertThat(made()).singleElement().satisfies(cache -> assertThat(cache).hasContent("learned"));
  }

  /// A library of the same name and length, and one file that the sum would silently go without.
  @Test
  void the_name_tells_the_jdk_and_each_jar() throws Exception {
    rehearse();
    var first = made();
    Files.setLastModifiedTime(
        target.resolve("lib/one.jar"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    rehearse();
    var second = made();
    Files.writeString(jdk.resolve("release"), "\n", StandardOpenOption.APPEND);
    rehearse();

    assertThat(List.of(first, second, made()))
        .doesNotHaveDuplicates()
        .allMatch(caches -> caches.size() == 1);
    Files.delete(made().getFirst());
    Files.delete(target.resolve("trunkline.jar"));
    rehearse();
    assertThat(made()).isEmpty();
  }

  /// Of a file that is older than half a year ls by itself says the day alone, and of the same file
  /// earlier the time: the name would change as time passes.
  @Test
  void the_name_tells_the_whole_time_however_long_ago_it_was() throws Exception {
    var names = new ArrayList<List<Path>>();
    for (var time : List.of("2020-01-01T00:00:00Z", "2020-01-01T00:00:10Z")) {
      Files.setLastModifiedTime(target.resolve("lib/one.jar"), FileTime.from(Instant.parse(time)));
      rehearse();
      names.add(made());
    }

    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void it_learns_the_jvm_as_it_comes_and_not_at_all_beside_what_a_cache_does_not_go_with()
      throws Exception {
    var variables = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
    for (var variable : variables) {
      environment.put(variable, "-Xshare:auto");
      rehearse();
      assertThat(made()).as(variable).isEmpty();
      environment.put(variable, "-Xmx1g");
    }
    java("[ -z \"${JAVA_TOOL_OPTIONS-}${JDK_JAVA_OPTIONS-}${_JAVA_OPTIONS-}\" ] && " + LEARNS);

    rehearse();

    assertThat(made()).singleElement().satisfies(cache -> assertThat(cache).hasContent("learned"));
  }

  /// Behind the back of somebody who is editing.
  @Test
  void it_builds_nothing() throws Exception {
    Files.createDirectories(target.resolveSibling("src/main"));
    Files.writeString(target.resolveSibling("pom.xml"), "newer");
    Files.setLastModifiedTime(
        target.resolve("trunkline-cli.jar"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

    rehearse();

    assertThat(made()).isEmpty();
    assertThat(target.resolve("build.lock")).doesNotExist();
  }

  private void rehearse(String... seconds) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(List.of(target.resolveSibling("trunkline").toString(), "rehearse"));
    command.addAll(List.of(seconds));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.environment().putAll(environment);
    var process = builder.start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  /// What begins as a cache does; what is none must be gone.
  private List<Path> made() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      var all = files.filter(file -> file.getFileName().toString().contains(".aot")).toList();
      assertThat(all).allMatch(file -> file.toString().matches(".*/\\d+-\\d+\\.aot"));
      return all;
    }
  }

  private void java(String script) throws IOException {
    executable(Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\n" + script + "\n"));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
