package trunkline.architecture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The headings of SQL statements: `-- table.verb: why`, which `pg_stat_activity` shows while the
/// statement runs. A name belongs to one statement.
public final class StatementNames {
  /// @param source where the statement is written
  record Statement(String source, String text) {}

  private static final Pattern SQL =
      Pattern.compile(
          "(?is)\\s*(?:--[^\n]*\n\\s*)*"
              + "(?:select|insert|update|delete|with|merge|truncate|lock|listen|unlisten|notify|set"
              + "|call)\\b.*");

  private static final String SNAKE = "[a-z][a-z0-9]*(?:_[a-z0-9]+)*";

  private static final Pattern HEADING =
      Pattern.compile("(?s)-- (?<name>" + SNAKE + "\\." + SNAKE + "): \\S.*");

  /// The headings that jOOQ is given: `named("…")`, `routine("…")`, `heading = "…"`.
  private static final Pattern GIVEN =
      Pattern.compile("\\b(?:sql\\.named\\(|sql\\.routine\\(|heading =)\\s*\"([^\"]*)\"");

  private StatementNames() {}

  /// The faults of the statements' headings, each once; other texts are ignored.
  static List<String> wrong(List<Statement> texts) {
    var wrong = new ArrayList<String>();
    Map<String, String> sources = new HashMap<>();
    for (var statement : texts) {
      if (SQL.matcher(statement.text).matches()) {
        wrong.addAll(
            name(statement)
                .map(name -> taken(sources, name, statement))
                .orElseGet(() -> List.of(statement.source + ": " + firstLine(statement))));
      }
    }
    return wrong;
  }

  private static List<String> taken(Map<String, String> sources, String name, Statement statement) {
    var first = sources.putIfAbsent(name, statement.source);
    return first == null
        ? List.of()
        : List.of(statement.source + ": " + name + " is a statement of " + first);
  }

  /// The names of all statements of the product.
  public static SortedSet<String> ofTheProduct() {
    return Sources.under(Sources.MAIN).stream()
        .flatMap(StatementNames::of)
        .flatMap(statement -> name(statement).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Stream<Statement> of(Sources.Source source) {
    return Stream.concat(
        source.textBlocks().stream().map(text -> new Statement(source.name(), text)),
        GIVEN
            .matcher(source.code())
            .results()
            .map(given -> new Statement(source.name(), "-- " + given.group(1) + "\nselect")));
  }

  private static Optional<String> name(Statement statement) {
    var heading = HEADING.matcher(statement.text);
    return heading.matches() ? Optional.of(heading.group("name")) : Optional.empty();
  }

  private static String firstLine(Statement statement) {
    return statement.text.lines().findFirst().orElse("");
  }
}
