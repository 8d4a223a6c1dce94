package trunkline.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.page.PlainText;
import trunkline.store.BoundText;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// Something that an operator can do: a statement with values, which is shown as it can be copied.
///
/// @param word in its address
/// @param seenIn the list that shows what came of it
/// @param title of its page, and of what leads there
/// @param says what it does and what it does not
/// @param statement begins with its name; its answer is in the column `outcome`
/// @param preview a statement of that kind which says beforehand what it is about; empty for none
public record Act(
    String word,
    String seenIn,
    String title,
    String says,
    List<Value> values,
    String statement,
    Optional<String> preview) {
  /// A name for a value, and no cast. All are put in at once: what somebody has filled in may look
  /// like one.
  private static final Pattern NAMED = Pattern.compile("(?<!:):([a-z]+)\\b");

  private static final Field<String> OUTCOME = SqlText.column("outcome", SQLDataType.CLOB);

  /// Without a preview.
  Act(String word, String seenIn, String title, String says, List<Value> values, String statement) {
    this(word, seenIn, title, says, values, statement, Optional.empty());
  }

  /// What somebody fills in.
  ///
  /// @param name in the statement
  /// @param choices if it is one of a few; empty otherwise
  /// @param hint what it looks like
  public record Value(String name, String label, Kind kind, List<String> choices, String hint) {
    static Value number(String name, String label) {
      return new Value(name, label, Kind.NUMBER, List.of(), "a number");
    }

    static Value instance(String label) {
      return new Value("instance", label, Kind.INSTANCE, List.of(), "its number");
    }

    static Value text(String name, String label, String hint) {
      return new Value(name, label, Kind.TEXT, List.of(), hint);
    }

    static Value optional(String name, String label, String hint) {
      return new Value(name, label, Kind.OPTIONAL, List.of(), hint);
    }

    static Value choice(String name, String label, String... choices) {
      return new Value(name, label, Kind.TEXT, List.of(choices), "");
    }

    static Value yesOrNo(String name, String label) {
      return new Value(name, label, Kind.FLAG, List.of("true", "false"), "");
    }

    /// What is wrong with what was filled in; empty when it is good.
    Optional<String> fault(String given) {
      if (kind != Kind.OPTIONAL && given.isBlank()) {
        return Optional.of(label + " is missing");
      }
      if ((kind == Kind.NUMBER && !given.matches("[0-9]{1,18}"))
          || (kind == Kind.INSTANCE && !given.matches("[0-9]{1,9}"))) {
        return Optional.of(label + " is a number");
      }
      if (given.contains("\uFFFD")) {
        return Optional.of(label + " has signs that turn or hide text");
      }
      return choices.isEmpty() || choices.contains(given)
          ? Optional.empty()
          : Optional.of(label + " is one of " + String.join(", ", choices));
    }

    /// As it stands in the statement.
    private String literal(String given) {
      return kind != Kind.TEXT && kind != Kind.OPTIONAL
          ? given
          : "'" + given.replace("'", "''") + "'";
    }

    private void bind(BoundText text, String given) {
      switch (kind) {
        case NUMBER -> text.set(name, Long.parseLong(given));
        case INSTANCE -> text.set(name, Integer.parseInt(given));
        case FLAG -> text.set(name, Boolean.parseBoolean(given));
        case TEXT, OPTIONAL -> text.set(name, given);
      }
    }
  }

  /// What kind of value.
  public enum Kind {
    NUMBER,
    INSTANCE,
    TEXT,
    OPTIONAL,
    FLAG
  }

  /// What was filled in, of what it knows; empty texts for the rest.
  Map<String, String> given(Map<String, String> form) {
    var given = new HashMap<String, String>();
    for (var value : values) {
      var said = PlainText.lines(form.getOrDefault(value.name, ""));
      given.put(
          value.name, value.kind == Kind.TEXT && value.choices.isEmpty() ? said : said.strip());
    }
    return given;
  }

  /// What is wrong with it; empty when it can be done.
  List<String> faults(Map<String, String> given) {
    return values.stream()
        .flatMap(value -> value.fault(given.getOrDefault(value.name, "")).stream())
        .toList();
  }

  /// The statement as anybody can run it; what is not filled in yet stands there by its name.
  public String copied(Map<String, String> given) {
    var text = statement.substring(statement.indexOf('\n') + 1).strip();
    return NAMED
            .matcher(text)
            .replaceAll(named -> Matcher.quoteReplacement(literal(named.group(1), given)))
        + ";";
  }

  private String literal(String name, Map<String, String> given) {
    var said = given.getOrDefault(name, "");
    return values.stream()
        .filter(value -> value.name.equals(name) && value.fault(said).isEmpty())
        .map(value -> value.literal(said))
        .findFirst()
        .orElse(":" + name);
  }

  /// Does it.
  ///
  /// @return what it answers, a line for each row; none where there is no such thing
  List<String> run(Sql sql, Map<String, String> given) {
    return run(sql, statement, given);
  }

  /// Says what it would be about.
  List<String> foresee(Sql sql, Map<String, String> given) {
    return run(sql, preview.orElseThrow(), given);
  }

  private List<String> run(Sql sql, String written, Map<String, String> given) {
    var text = sql.text(SqlText.of(written, OUTCOME));
    values.forEach(value -> value.bind(text, given.getOrDefault(value.name, "")));
    return text.fetch(row -> row.get(OUTCOME) == null ? "" : row.get(OUTCOME));
  }
}
