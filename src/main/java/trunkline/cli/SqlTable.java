package trunkline.cli;

import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows in aligned columns, as psql prints them.
record SqlTable(List<Column> columns, List<List<String>> rows) {

  /// A column's title, and whether it holds numbers, which are right-aligned.
  record Column(String title, boolean isNumber) {}

  static SqlTable read(ResultSet result) throws SQLException {
    var meta = result.getMetaData();
    var columns = new ArrayList<Column>();
    for (var i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new Column(meta.getColumnLabel(i), isNumber(meta.getColumnType(i))));
    }
    var rows = new ArrayList<List<String>>();
    while (result.next()) {
      var row = new ArrayList<String>();
      for (var i = 1; i <= columns.size(); i++) {
        var value = result.getString(i);
        row.add(value == null ? "" : value.replace("\r", "").replace("\n", "\\n"));
      }
      rows.add(row);
    }
    return new SqlTable(columns, rows);
  }

  void print(PrintStream out) {
    var widths = IntStream.range(0, columns.size()).map(this::width).toArray();
    out.println(line(i -> centred(columns.get(i).title, widths[i]), " | "));
    out.println(
        IntStream.of(widths)
            .mapToObj(width -> "-".repeat(width + 2))
            .collect(Collectors.joining("+")));
    for (var row : rows) {
      out.println(line(i -> padded(row.get(i), widths[i], columns.get(i).isNumber), " | "));
    }
    out.println(rows.size() == 1 ? "(1 row)\n" : "(" + rows.size() + " rows)\n");
  }

  private String line(IntFunction<String> cell, String separator) {
    return (" "
            + IntStream.range(0, columns.size())
                .mapToObj(cell)
                .collect(Collectors.joining(separator)))
        .stripTrailing();
  }

  private int width(int column) {
    var cells = rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
    return Math.max(cells, length(columns.get(column).title));
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String centred(String text, int width) {
    var left = (width - length(text)) / 2;
    return " ".repeat(left) + text + " ".repeat(width - length(text) - left);
  }

  private static String padded(String text, int width, boolean right) {
    var padding = " ".repeat(width - length(text));
    return right ? padding + text : text + padding;
  }

  private static boolean isNumber(int type) {
    return switch (type) {
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.REAL, Types.DOUBLE ->
          true;
      default -> false;
    };
  }
}
