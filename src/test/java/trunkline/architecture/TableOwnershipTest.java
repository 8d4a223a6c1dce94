package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;

/// A table has one owner: only the `…Rows` classes of one package name it. `db/README.md` lists the
/// owners, and the few statements that must span them.
class TableOwnershipTest {
  private static final Path README = Path.of("db/README.md");

  /// `| streams | stream | … |`
  private static final Pattern OWNER =
      Pattern.compile("(?m)^\\| `([a-z_]+)` \\| `([a-z.]+)` \\|.*$");

  /// `| StreamRows | calls, sessions | … |`
  private static final Pattern SPAN =
      Pattern.compile("(?m)^\\| `(\\w+Rows)` \\| ([`a-z_, ]+) \\|.*$");

  /// `/// | `cluster` | instances | `control`, `instances` |`
  private static final Pattern PACKAGE =
      Pattern.compile("(?m)^/// \\| `([a-z.]+)` \\| [^|]* \\| ([`a-z_, ]*)\\|$");

  private static final Pattern NAME = Pattern.compile("[a-z_]+");

  private record Mention(String source, String table) {
    @Override
    public String toString() {
      return source + " names " + table;
    }
  }

  @Test
  void the_readme_names_the_owner_of_every_table(TestDatabase db) throws IOException {
    var tables =
        db.sql(
                """
                select relname from pg_class
                 where relnamespace = 'trunkline'::regnamespace and relkind in ('r', 'p')
                   and not relispartition and relname <> 'flyway_schema_history'
                """)
            .column();

    assertThat(owners().keySet()).containsExactlyInAnyOrderElementsOf(tables);
  }

  /// So that the compiler refuses every other package.
  @Test
  void tables_are_generated_beside_their_owners() throws IOException {
    var owners = owners();
    for (var generated : GeneratedPackage.ALL) {
      assertThat(generated.tables())
          .filteredOn(owners::containsKey) // the others are views
          .allSatisfy(table -> assertThat(owners).containsEntry(table, generated.name()));
    }
  }

  @Test
  void the_root_package_names_the_same_owners() throws IOException {
    var text = Files.readString(Path.of("src/main/java/trunkline/package-info.java"));
    var owners =
        PACKAGE
            .matcher(text)
            .results()
            .flatMap(row ->
                NAME.matcher(row.group(2))
                    .results()
                    .map(table -> new Mention(row.group(1), table.group())))
            .collect(Collectors.toMap(Mention::table, Mention::source));

    assertThat(owners).isEqualTo(owners());
  }

  @Test
  void only_rows_classes_name_tables() throws IOException {
    assertThat(mentions()).filteredOn(mention -> !mention.source.endsWith("Rows")).isEmpty();
  }

  @Test
  void a_table_is_named_by_its_owner_or_by_a_statement_that_the_readme_lists() throws IOException {
    var owners = owners();
    var packages =
        Sources.under(Sources.MAIN).stream()
            .collect(
                Collectors.toMap(
                    Sources.Source::name, Sources.Source::shortPackage, (one, _) -> one));
    var spanning =
        mentions().stream()
            .filter(mention -> mention.source.endsWith("Rows"))
            .filter(mention ->
                !String.valueOf(packages.get(mention.source)).equals(owners.get(mention.table)))
            .map(Mention::toString)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(spanning).isEqualTo(listed());
  }

  private static Map<String, String> owners() throws IOException {
    return OWNER
        .matcher(Files.readString(README))
        .results()
        .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
  }

  private static Set<String> listed() throws IOException {
    var listed = new TreeSet<String>();
    SPAN.matcher(Files.readString(README))
        .results()
        .forEach(found ->
            NAME.matcher(found.group(2))
                .results()
                .map(table -> new Mention(found.group(1), table.group()).toString())
                .forEach(listed::add));
    return listed;
  }

  private static Set<Mention> mentions() throws IOException {
    var names =
        owners().keySet().stream()
            .sorted((one, other) -> Integer.compare(other.length(), one.length()))
            .collect(Collectors.joining("|"));
    var inSql =
        Pattern.compile("\\btrunkline\\.(" + names + ")\\b(?!\\.)"); // a meter has a third word
    var inCode = Pattern.compile("\\b([A-Z]\\w+)Table\\.[A-Z]");
    var tables = owners().keySet();
    return Sources.under(Sources.MAIN).stream()
        .flatMap(source -> {
          var sql =
              source.strings().stream()
                  .flatMap(text -> inSql.matcher(text).results())
                  .map(found -> found.group(1));
          var code =
              inCode
                  .matcher(source.code())
                  .results()
                  .map(found -> found.group(1).replaceAll("(?<=[a-z])(?=[A-Z])", "_"))
                  .map(name -> name.toLowerCase(Locale.ROOT))
                  .filter(tables::contains);
          return Stream.concat(sql, code).map(table -> new Mention(source.name(), table));
        })
        .collect(Collectors.toSet());
  }
}
