package trunkline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import trunkline.config.Option;
import trunkline.testing.TestDatabase;

/// The README and the pages that it leads to are checked where they repeat what the code says:
/// options, promises, code, SQL, tests, files.
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Path DATABASE_README = Path.of("db/README.md");
  private static final Path TEST_README = Path.of("src/test/README.md");
  private static final Path DOCS = Path.of("src/main/docs");
  private static final int LINES_MAX = 320;

  /// Options that every command has, and one of the official suite.
  private static final Set<String> NOT_OURS =
      Set.of("help", "version", "print-config", "requirements");

  private static final String LEFT_OUT = "(?m)^\\s*// …$";

  private static String readme() throws IOException {
    return Files.readString(README);
  }

  private static List<Path> pages() throws IOException {
    try (var docs = Files.list(DOCS)) {
      var texts = docs.filter(page -> page.toString().endsWith(".md")).sorted();
      return Stream.concat(Stream.of(README, DATABASE_README, TEST_README), texts).toList();
    }
  }

  @Test
  void the_readme_is_read_in_one_sitting() throws IOException {
    assertThat(readme().lines().count()).isLessThanOrEqualTo(LINES_MAX);
  }

  /// All options, with all that `--help` says, are on a page of their own ([OptionsPageTest]).
  @Test
  void an_option_in_a_table_exists_and_has_that_default() throws IOException {
    var rows =
        Pattern.compile("(?m)^\\| `--([a-z-]+)` \\| (?:`([^`]+)`|none) \\|")
            .matcher(readme())
            .results()
            .toList();

    assertThat(rows).isNotEmpty();
    for (var row : rows) {
      var option = Option.find(row.group(1)).orElseThrow();
      if (row.group(2) == null || row.group(2).startsWith("--")) {
        assertThat(option.fallback()).as(option.flag()).isEmpty();
      } else {
        assertThat(option.fallback()).as(option.flag()).isEqualTo(row.group(2));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void an_option_that_is_named_exists(Path page) throws IOException {
    assertThat(
            Pattern.compile("`--([a-z-]+)[` ]")
                .matcher(Files.readString(page))
                .results()
                .map(found -> found.group(1))
                .filter(key -> !NOT_OURS.contains(key)))
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
    var text = new StringBuilder();
    for (var page : pages()) {
      text.append(Files.readString(page));
    }
    var existing =
        db.sql(
                """
                select relname from pg_class where relnamespace = 'trunkline'::regnamespace
                union select proname from pg_proc where pronamespace = 'trunkline'::regnamespace
                """)
            .column();

    assertThat(
            Pattern.compile("(?:from|select|join|on) trunkline\\.([a-z_]+)")
                .matcher(text)
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
            Pattern.compile("(?m)^\\| `([a-z_0-9]+_(?:pk|uk|idx))` \\|")
                .matcher(Files.readString(DATABASE_README))
                .results()
                .map(found -> found.group(1)))
        .containsExactlyInAnyOrderElementsOf(indexes);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void what_proves_something_is_a_test(Path page) throws IOException {
    List<String> tests;
    try (var files = Files.walk(Path.of("src", "test", "java"))) {
      tests = files.map(file -> String.valueOf(file.getFileName())).toList();
    }

    assertThat(
            Pattern.compile("`(\\w+Test)`")
                .matcher(Files.readString(page))
                .results()
                .map(found -> found.group(1) + ".java"))
        .isSubsetOf(tests);
  }

  /// A fault that no test makes is a promise that nobody has seen kept.
  @Test
  void each_row_of_the_table_of_faults_names_a_test() throws IOException {
    var table =
        Pattern.compile("(?m)^\\|.*\\|$")
            .matcher(Files.readString(DOCS.resolve("faults.md")).split("## Measured", -1)[0])
            .results()
            .map(row -> row.group().split(" \\| ", -1))
            .skip(2)
            .toList();

    assertThat(table).isNotEmpty();
    assertThat(table).allMatch(row -> row.length == 4 && row[3].matches("`\\w+Test`.* \\|"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linked_files_exist(Path page) throws IOException {
    assertThat(
            Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)")
                .matcher(Files.readString(page))
                .results()
                .map(found -> page.resolveSibling(found.group(1))))
        .allMatch(Files::exists);
  }

  private static Stream<String> blocks(String language) throws IOException {
    var fence = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$");
    var blocks = new ArrayList<String>();
    for (var page : pages()) {
      fence.matcher(Files.readString(page)).results().forEach(found -> blocks.add(found.group(1)));
    }
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
