package trunkline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What an operator asks the database.
///
/// @param name of a view or of a file of `db/admin`
record Question(String name, String sql) {
  /// As the comment of a view says how to narrow it; any other is read whole.
  private static final List<Question> NARROWED =
      List.of(
          new Question("session_directory", "select * from trunkline.session_directory limit 1000"),
          new Question(
              "session_directory of a session",
              "select * from trunkline.session_directory where session_id = md5('s77')"),
          new Question(
              "session_directory of a principal",
              "select * from trunkline.session_directory where principal = 'anonymous' and ended_at is null limit 1000"),
          new Question(
              "session_directory, the newest",
              "select * from trunkline.session_directory order by session_key desc limit 1000"),
          new Question("stream_directory", "select * from trunkline.stream_directory limit 1000"),
          new Question(
              "stream_directory of a session",
              "select * from trunkline.stream_directory where session_id = md5('s77')"),
          new Question(
              "stream_directory, those that are held",
              "select * from trunkline.stream_directory where instance_id is not null"),
          new Question(
              "client_directory of a principal",
              """
              select client, count(*) from (select client from trunkline.session_directory
               where principal = 'anonymous' and ended_at is null limit 10000) c group by client\
              """));

  /// Those of `db/admin` that only read and need nothing; where the checkout is.
  private static final List<String> FILES =
      List.of(
          "announcements",
          "biggest",
          "calls",
          "clients",
          "connections",
          "growth",
          "instances",
          "open_questions",
          "operator_actions",
          "sessions",
          "slots",
          "tasks");

  static List<Question> all(Connection database) throws SQLException, IOException {
    List<Question> all = new ArrayList<>(NARROWED);
    try (var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                "select table_name from information_schema.views where table_schema = 'trunkline' order by 1")) {
      while (rows.next()) {
        var view = rows.getString(1);
        if (NARROWED.stream().noneMatch(each -> each.name.startsWith(view))) {
          all.add(new Question(view, "select * from trunkline." + view));
        }
      }
    }
    for (var file : FILES) {
      var path = Checkout.admin().resolve(file + ".sql");
      if (Files.isReadable(path)) {
        all.add(new Question(file + ".sql", withoutComments(path)));
      }
    }
    return all;
  }

  private static String withoutComments(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return String.join("\n", lines.filter(line -> !line.startsWith("--")).toList());
    }
  }

  /// In milliseconds: the best of three, with all rows fetched.
  double millis(Connection database) throws SQLException {
    var best = Double.MAX_VALUE;
    for (var time = 0; time < 3; time++) {
      var start = System.nanoTime();
      try (var statement = database.createStatement();
          var rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          // as who shows them
        }
      }
      best = Math.min(best, (System.nanoTime() - start) / 1e6);
    }
    return best;
  }
}
