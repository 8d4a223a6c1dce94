package trunkline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;

/// Goal: an operator's question costs what it asks for, not what the database holds; or its comment
/// says that it reads everything, and how to ask for less. Method: the plans over some thousand
/// sessions and their messages, since a time says more of the machine.
class QuestionPlansTest {
  private static final int SESSIONS = 20_000;

  /// What says that it reads all.
  private static final Set<String> READ_ALL =
      Set.of(
          "stream_directory, those that are held",
          "message_directory",
          "message_payloads",
          "connections.sql",
          "clients.sql",
          "growth.sql");

  private static final Pattern READ = Pattern.compile("actual rows=([0-9.]+) loops=([0-9]+)");
  private static final Pattern REMOVED = Pattern.compile("Rows Removed by Filter: ([0-9.]+)");
  private static final Pattern SAID = Pattern.compile("reads all|a scan of (all|the|an index) ");

  @Test
  void no_question_reads_all_sessions_streams_or_messages_but_those_that_say_so() throws Exception {
    try (var database = TestDatabase.create();
        var stage = Stage.on(database.url(), database.user(), database.password());
        var connection = stage.connect()) {
      LivingSessions.insert(connection, SESSIONS);
      database.sql(
          "update trunkline.sessions set principal = 'person ' || session_key % 200 where session_key % 100 <> 0");
      database.sql("vacuum analyze trunkline.sessions");
      database.sql(
          """
          insert into trunkline.instances (lease_until, url, version, streams_held)
          values (now() + interval '1 day', 'http://a', '1', 7)
          """);
      var reading = new ArrayList<String>();
      for (var question : Question.all(connection)) {
        var plan = plan(connection, question.sql());
        if (READ_ALL.contains(question.name())) {
          assertThat(comment(connection, question.name())).containsPattern(SAID);
        } else if (rowsOfScans(plan) >= SESSIONS / 2) {
          reading.add(question.name() + ":\n" + plan);
        }
      }

      assertThat(reading).isEmpty();
    }
  }

  /// What sequential scans have read of tables, whatever became of it.
  private static long rowsOfScans(String plan) {
    var rows = 0.0;
    var scans = false;
    for (var line : plan.lines().toList()) {
      if (line.contains("->") || line.contains("(actual ")) {
        scans = line.contains("Seq Scan on ");
      }
      var read = READ.matcher(line);
      var removed = REMOVED.matcher(line);
      if (scans && read.find()) {
        rows += Double.parseDouble(read.group(1)) * Integer.parseInt(read.group(2));
      } else if (scans && removed.find()) {
        rows += Double.parseDouble(removed.group(1));
      }
    }
    return Math.round(rows);
  }

  private static String plan(Connection database, String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (var statement = database.createStatement();
        var rows = statement.executeQuery("explain (analyze, costs off, timing off) " + sql)) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    return String.join("\n", lines);
  }

  /// Of a file its header, of a view what the database says of it.
  private static String comment(Connection database, String name) throws SQLException, IOException {
    if (name.endsWith(".sql")) {
      return Files.readString(Checkout.admin().resolve(name));
    }
    try (var statement =
        database.prepareStatement(
            "select obj_description(('trunkline.' || ?)::regclass, 'pg_class')")) {
      statement.setString(1, name.split(",", 2)[0]);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }
}
