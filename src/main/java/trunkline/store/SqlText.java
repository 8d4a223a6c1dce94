package trunkline.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// A statement written as text, with `:names` for bound values, and its result columns.
///
/// Parsed once. A name stands for the same value wherever it is repeated. Casts (`::bigint`),
/// comments and literals are left alone.
public final class SqlText {
  /// With a question mark for each name.
  private final String rendered;

  /// The first line, without the comment's sign.
  private final String heading;

  private final List<String> names;
  private final List<Field<?>> columns;

  /// The columns in the order of the result, learned from the first one.
  private volatile Field<?> @Nullable [] answered;

  private SqlText(String rendered, List<String> names, List<Field<?>> columns) {
    this.rendered = rendered;
    this.heading =
        rendered
            .lines()
            .findFirst()
            .orElse("")
            .replaceFirst("^-- ", ""); // once, not each time it runs
    this.names = List.copyOf(names);
    this.columns = columns;
  }

  /// A statement and the columns it returns, in any order.
  public static SqlText of(String text, Field<?>... columns) {
    var rendered = new StringBuilder();
    var names = new ArrayList<String>();
    var start = 0;
    var at = 0;
    while (at < text.length()) {
      var end = nameEnd(text, at);
      if (end > at) {
        rendered.append(text, start, at).append('?');
        names.add(text.substring(at + 1, end));
        start = end;
        at = end;
      } else {
        at = past(text, at);
      }
    }
    rendered.append(text, start, text.length());
    return new SqlText(rendered.toString(), names, List.of(columns));
  }

  /// A column that no table has: computed, or named by the statement.
  public static <T> Field<T> column(String name, DataType<T> type) {
    return DSL.field(DSL.name(name), type);
  }

  /// The end of the name whose colon is here, or `at` when there is none.
  private static int nameEnd(String text, int at) {
    if (text.charAt(at) != ':') {
      return at;
    }
    var end = at + 1;
    while (end < text.length() && isPartOfName(text.charAt(end))) {
      end++;
    }
    return end == at + 1 ? at : end;
  }

  private static boolean isPartOfName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  }

  /// The end of the comment, literal, cast or single character here.
  private static int past(String text, int at) {
    if (text.startsWith("--", at)) {
      return endOf(text, "\n", at + 2);
    }
    if (text.charAt(at) == '\'') {
      return endOf(text, "'", at + 1);
    }
    return at + (text.startsWith("::", at) ? 2 : 1);
  }

  private static int endOf(String text, String end, int from) {
    var found = text.indexOf(end, from);
    return found < 0 ? text.length() : found + end.length();
  }

  /// `table.verb: why`, where the text says it.
  String heading() {
    return heading;
  }

  String rendered() {
    return rendered;
  }

  List<String> names() {
    return names;
  }

  /// The columns in result order, once known.
  Field<?> @Nullable [] answered() {
    return answered;
  }

  /// Finds each column by its name.
  Field<?>[] learn(ResultSet answer) throws SQLException {
    var wanted = new HashMap<String, Field<?>>();
    columns.forEach(column -> wanted.put(column.getName(), column));
    var meta = answer.getMetaData();
    var order = new Field<?>[meta.getColumnCount()];
    for (var i = 0; i < order.length; i++) {
      var label = meta.getColumnLabel(i + 1);
      var column = wanted.remove(label);
      order[i] = column != null ? column : column(label, SQLDataType.OTHER);
    }
    if (!wanted.isEmpty()) {
      throw new IllegalStateException(this + " does not answer " + wanted.keySet());
    }
    answered = order;
    return order;
  }

  /// The statement's heading.
  @Override
  public String toString() {
    return heading;
  }
}
