package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Of two rows for one key, `UPDATE … FROM` applies one, whichever, and says nothing; `INSERT … ON
/// CONFLICT DO UPDATE` refuses both. So each such statement takes one row a key: by `DISTINCT` or
/// `GROUP BY` in what it reads from, or for a reason that is written here.
class BatchKeysTest {
  private static final Map<String, String> ONE_ROW_A_KEY =
      Map.ofEntries(
          Map.entry(
              "streams.position", "rows grouped by stream and epoch, of which one is the stream's"),
          Map.entry("streams.claim", "one stream, one row of values"),
          Map.entry("streams.release_lost", "locked rows of the table itself, by its key"),
          Map.entry("streams.hand_on", "locked rows of the table itself, set to what they have"),
          Map.entry("streams.trim", "one stream, one floor"),
          Map.entry("streams.take_over", "locked rows of the table itself, by its key"),
          Map.entry("sessions.touch", "locked rows of the table itself, by its key"),
          Map.entry("session_values.put", "one session and one name"),
          Map.entry("subscriptions.add", "one session and one URI"),
          Map.entry("baton.take", "the one row of a table, as declared"),
          Map.entry("calls.begin", "one call, one stream"),
          Map.entry("calls.remember", "one call, one stream"),
          Map.entry("tasks.create", "one task"),
          Map.entry("tasks.hand_on", "locked rows of the table itself, set to what they have"),
          Map.entry("tasks.take_over", "locked rows of the table itself; an instance has one row"),
          Map.entry("task_inputs.ask", "one question of one task"),
          Map.entry("answer_task_inputs", "one task; the names are members of one JSON object"),
          Map.entry("announcements.append", "the lane gives each its own key"),
          Map.entry("announcements.trim", "one row of control, one maximum"),
          Map.entry("publish_batches.take_key", "one batch"),
          Map.entry("control.note_id_high", "one row of control, one sequence"),
          Map.entry("instances.beat", "one instance, one row of a setting"),
          Map.entry("instance_minutes.add", "one instance, one minute"),
          Map.entry("instances.hear", "one instance, one row of a setting, one end of the log"),
          Map.entry("instances.join_hearers", "one instance, one end of the log"),
          Map.entry("cancel_call_anywhere", "locked rows of the table itself, by its key"),
          Map.entry("end_session_now", "locked rows of the table itself, by its key"),
          Map.entry("mend_control", "the one row of a table, as declared"),
          Map.entry("migrate", "one stream"),
          Map.entry("retire_streams", "locked rows of the table itself, with one maximum each"),
          Map.entry("retire_slot", "locked rows of the table itself, with a maximum a stream"),
          Map.entry("set_enabled", "one switch"),
          Map.entry("api_keys.touch", "the keys that were used, each once"),
          Map.entry("audit_records.write", "one writer, whose records are numbered"),
          Map.entry("audit_writers.enlist", "one writer"),
          Map.entry("set_rate", "one rate"),
          Map.entry("rate_buckets.lease", "the lane's work names each bucket once"),
          Map.entry("sweep_round", "locked rows of the table itself, by its key"),
          Map.entry("trim_streams", "locked rows of the table itself, with one floor each"));

  private static final Pattern HEADING = Pattern.compile("-- ([a-z_]+\\.[a-z_]+):");

  private static final Pattern FUNCTION =
      Pattern.compile("(?s)CREATE OR REPLACE FUNCTION trunkline\\.(\\w+)\\((.*?)\\$function\\$;");

  private static final Pattern BEGIN =
      Pattern.compile("(?i)(?<!no key )(?<!for )\\bupdate\\s+trunkline\\.|\\binsert\\s+into\\b");

  private static final Pattern FROM = Pattern.compile("(?is)\\bset\\b.*?\\bfrom\\b\\s*(.*)");

  private static final Pattern ON_CONFLICT = Pattern.compile("(?i)\\bon\\s+conflict\\b");

  /// An operator, and no source of rows.
  private static final Pattern IS_DISTINCT =
      Pattern.compile("(?i)\\bis\\s+(not\\s+)?distinct\\s+from\\b");

  private static final Pattern ONE_EACH = Pattern.compile("(?i)\\bdistinct\\b|\\bgroup\\s+by\\b");

  @Test
  void every_statement_over_many_rows_takes_one_row_a_key() throws IOException {
    var found = new TreeSet<String>();
    for (var source : Sources.under(Sources.MAIN)) {
      for (var text : source.textBlocks()) {
        var heading = HEADING.matcher(text);
        if (heading.lookingAt() && takesRowsAsTheyCome(text)) {
          found.add(heading.group(1));
        }
      }
    }
    FUNCTION
        .matcher(Files.readString(Path.of("db/schema.sql")))
        .results()
        .filter(function -> takesRowsAsTheyCome(function.group(2)))
        .forEach(function -> found.add(function.group(1)));

    assertThat(found).containsExactlyInAnyOrderElementsOf(ONE_ROW_A_KEY.keySet());
  }

  /// In jOOQ's words they would not be seen here.
  @Test
  void such_statements_are_written_as_texts() {
    assertThat(Sources.under(Sources.MAIN))
        .noneMatch(source ->
            source.code().matches("(?s).*\\.(onConflict|onDuplicateKey|mergeInto)\\w*\\(.*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE trunkline.calls c SET x = 1 FROM accepted a WHERE c.call_id = a.call_id",
        "WITH a AS (UPDATE trunkline.calls c SET x = (SELECT 1 FROM t) FROM b) SELECT DISTINCT 1",
        "INSERT INTO trunkline.calls SELECT * FROM a ON CONFLICT DO NOTHING"
      })
  void rows_as_they_come_are_found(String text) {
    assertThat(takesRowsAsTheyCome(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE trunkline.calls c SET x = 1 FROM (SELECT DISTINCT call_id FROM accepted) a",
        "UPDATE trunkline.calls c SET x = (SELECT 1 FROM t) WHERE call_id = 1",
        "WITH a AS (UPDATE trunkline.calls SET x = 1) SELECT 1 FROM a",
        "INSERT INTO trunkline.calls SELECT * FROM a",
        "SELECT 1 FROM trunkline.calls FOR NO KEY UPDATE"
      })
  void one_row_a_key_is_not(String text) {
    assertThat(takesRowsAsTheyCome(text)).isFalse();
  }

  private static boolean takesRowsAsTheyCome(String text) {
    return changes(IS_DISTINCT.matcher(text).replaceAll("<>")).stream()
        .anyMatch(change -> {
          var flat = withoutParentheses(change);
          if (flat.matches("(?is)\\s*insert\\b.*")) {
            return ON_CONFLICT.matcher(flat).find() && !ONE_EACH.matcher(change).find();
          }
          var from = FROM.matcher(flat);
          return from.find() && !ONE_EACH.matcher(change).find();
        });
  }

  /// Each UPDATE and INSERT up to the end of its statement or of the parentheses around it.
  private static List<String> changes(String text) {
    var found = new ArrayList<String>();
    var begin = BEGIN.matcher(text);
    while (begin.find()) {
      var depth = 0;
      var end = begin.start();
      while (end < text.length() && depth >= 0 && text.charAt(end) != ';') {
        depth += text.charAt(end) == '(' ? 1 : text.charAt(end) == ')' ? -1 : 0;
        end++;
      }
      found.add(text.substring(begin.start(), depth < 0 ? end - 1 : end));
    }
    return found;
  }

  private static String withoutParentheses(String text) {
    var flat = text;
    String before;
    do {
      before = flat;
      flat = flat.replaceAll("\\([^()]*\\)", " ");
    } while (!flat.equals(before));
    return flat;
  }
}
