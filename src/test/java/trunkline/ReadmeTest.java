package trunkline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import trunkline.config.Option;
import trunkline.testing.TestDatabase;

/// The README is checked where it repeats what the code says: options, promises, code, SQL, files.
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Path DATABASE_README = Path.of("db/README.md");
  private static final String LEFT_OUT = "(?m)^\\s*// …$";

  private static String readme() throws IOException {
    return Files.readString(README);
  }

  @ParameterizedTest
  @EnumSource(Option.class)
  void an_option_is_explained_with_its_default(Option option) throws IOException {
    var rows =
        readme()
            .lines()
            .filter(line -> line.startsWith("| `" + option.flag() + "` |"))
            .filter(line ->
                option.isSwitch()
                    ? line.contains("| off |")
                    : option.fallback().isEmpty() || line.contains("| `" + option.fallback() + "`"))
            .toList();

    assertThat(rows).hasSize(1);
  }

  @Test
  void an_option_that_is_explained_exists() throws IOException {
    assertThat(
            Pattern.compile("(?m)^\\| `--([a-z-]+)` \\|")
                .matcher(readme())
                .results()
                .map(found -> found.group(1)))
        .allMatch(key -> Option.find(key).isPresent());
  }

  private static Stream<String> json() throws IOException {
    return blocks("json");
  }

  @ParameterizedTest
  @MethodSource("json")
  void json_can_be_read(String block) {
    assertThatCode(() -> new JsonMapper().readTree(block)).doesNotThrowAnyException();
  }

  private static Stream<String> java() throws IOException {
    return blocks("java");
  }

  @ParameterizedTest
  @MethodSource("java")
  void java_is_code_that_is_compiled(String block) {
    var sources = sources();

    assertThat(Stream.of(block.split(LEFT_OUT, -1)))
        .allMatch(part -> sources.stream().anyMatch(source -> source.contains(words(part))));
  }

  @Test
  void the_delivery_promise_is_the_one_of_the_stream_package() throws IOException {
    var documentation =
        Files.readString(Path.of("src/main/java/trunkline/stream/package-info.java"));
    var promise =
        Pattern.compile("\\(requirement C1\\)\\.\\*\\*(.*?)\n///\n", Pattern.DOTALL)
            .matcher(documentation);
    assertThat(promise.find()).isTrue();

    assertThat(words(readme())).contains(words(promise.group(1).replaceAll("\n///", "\n")));
  }

  @Test
  void views_and_functions_that_are_named_exist(TestDatabase db) throws IOException {
    var existing =
        db.sql(
                """
                select relname from pg_class where relnamespace = 'trunkline'::regnamespace
                union select proname from pg_proc where pronamespace = 'trunkline'::regnamespace
                """)
            .column();

    assertThat(
            Pattern.compile("(?:from|select|join|on) trunkline\\.([a-z_]+)")
                .matcher(readme())
                .results()
                .map(found -> found.group(1)))
        .isNotEmpty()
        .isSubsetOf(existing);
  }

  @Test
  void the_database_page_says_what_each_index_is_for(TestDatabase db) throws IOException {
    var indexes =
        db.sql(
                """
                select c.relname from pg_class c join pg_index i on i.indexrelid = c.oid
                  join pg_class t on t.oid = i.indrelid
                 where c.relnamespace = 'trunkline'::regnamespace and not c.relispartition
                   and t.relname <> 'flyway_schema_history'
                """)
            .column();

    assertThat(
            Pattern.compile("(?m)^\\| `([a-z_]+_(?:pk|uk|idx))` \\|")
                .matcher(Files.readString(DATABASE_README))
                .results()
                .map(found -> found.group(1)))
        .containsExactlyInAnyOrderElementsOf(indexes);
  }

  @Test
  void what_proves_something_is_a_test() throws IOException {
    List<String> tests;
    try (var files = Files.walk(Path.of("src", "test", "java"))) {
      tests = files.map(file -> String.valueOf(file.getFileName())).toList();
    }

    assertThat(
            Pattern.compile("`(\\w+Test)`")
                .matcher(readme())
                .results()
                .map(found -> found.group(1) + ".java"))
        .isNotEmpty()
        .isSubsetOf(tests);
  }

  @Test
  void a_role_is_given_what_connections_set() throws IOException {
    var connections = Files.readString(Path.of("src/main/java/trunkline/store/Connections.java"));

    assertThat(
            Pattern.compile("(?m)^ +SET (\\w+ = [^;\n]+)")
                .matcher(connections)
                .results()
                .map(found -> "alter role trunkline_app set " + found.group(1) + ";"))
        .isNotEmpty()
        .allMatch(readme()::contains);
  }

  @Test
  void linked_files_exist() throws IOException {
    assertThat(
            Pattern.compile("\\]\\(([^)#:]+)\\)")
                .matcher(readme())
                .results()
                .map(found -> Path.of(found.group(1))))
        .isNotEmpty()
        .allMatch(Files::exists);
  }

  private static Stream<String> blocks(String language) throws IOException {
    var blocks =
        Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
            .matcher(readme())
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(blocks).isNotEmpty();
    return blocks.stream();
  }

  private static List<String> sources() {
    try (var files = Files.walk(Path.of("src"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(ReadmeTest::text)
          .map(ReadmeTest::words)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Line breaks and indentation are nobody's promise.
  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
