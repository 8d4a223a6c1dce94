package trunkline.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What was typed.
///
/// @param only words of rows; empty: all of the suite
/// @param endurance how long, of the suite for that
/// @param json where the figures go; null: target/bench.json
/// @param data the folder of an embedded database that remains; null: one that goes
/// @param url of a given database; null: an embedded one
record Order(
    boolean quick,
    Suite suite,
    Duration endurance,
    List<String> only,
    @Nullable Path json,
    @Nullable Path data,
    @Nullable String url,
    String user,
    String password,
    boolean help) {
  static final String HELP =
      """
      Usage: ./trunkline bench [--quick] [--peers | --growth | --hours=N] [--only=ROW,...] [--json=FILE]
             [--data=FOLDER | --database-url=URL --database-user=USER --database-password=PASSWORD]

      Measures the server beside a floor: the least that any program on this machine would need,
      taken by the same load in the same run, a round of the one after a round of the other.
      Prints a table of ratios (medians of the rounds, with the least and the most) and writes
      all figures as JSON. Server, database and load share this machine: nothing else should run.
      Ends with 1 when an answer was wrong or a row could not be measured; not for a row that
      lacks what nobody has to have, such as a peer, which is named and left out. A target that
      is missed is marked in the table.

        --quick      3 short rounds instead of 7: some minutes, and figures that vary more.
        --peers      beside the TypeScript SDK's and the Java SDK's servers instead of floors.
                     They are installed once by npm and Maven; where that is not possible, the
                     row says so and is left out.
        --growth     what more instances, streams, sessions and messages cost: fills a database
                     with a million sessions and ten million messages (a tenth with --quick), for
                     which it needs 4 GB and five to ten minutes, once with --data. It makes
                     databases beside the given one, whose user needs CREATEDB, and drops them in
                     the end.
        --hours=N    so long (0.05 are three minutes) at half the rate that is possible: heap,
                     tables, indexes and latency must not grow. A line each minute. It has never
                     been run to its end either.
        --only=...   some rows alone: %s.
        --json=FILE  default: target/bench.json.
        --data=FOLDER
                     an embedded PostgreSQL in this folder, which remains, with the databases that
                     --growth has filled: the next run finds them. Of everything else nothing stays.
        --database-url=URL and so on: a database for this alone, instead of an embedded
                     PostgreSQL with the defaults of serve. Its schema trunkline is migrated and
                     filled with what is measured; its schema trunkline_bench is dropped.
      """
          .formatted(String.join(", ", Rows.words()));

  /// With host and name, so that a further database can be named beside it.
  private static final Pattern JDBC = Pattern.compile("jdbc:postgresql://[^/]+/[^?]+(\\?.*)?");

  private static final Set<String> FLAGS = Set.of("--help", "--quick", "--peers", "--growth");
  private static final Set<String> VALUES =
      Set.of(
          "--hours",
          "--only",
          "--json",
          "--data",
          "--database-url",
          "--database-user",
          "--database-password");

  /// Which rows, when none are named.
  enum Suite {
    FLOORS,
    PEERS,
    GROWTH,
    ENDURANCE
  }

  static Order of(List<String> arguments) {
    Map<String, String> given = new HashMap<>();
    var words = new ArrayDeque<>(arguments);
    words.poll(); // bench
    for (var word = words.poll(); word != null; word = words.poll()) {
      var split = word.indexOf('=');
      var name = split < 0 ? word : word.substring(0, split);
      if (FLAGS.contains(word)) {
        given.put(word, "");
      } else if (VALUES.contains(name)) {
        given.put(name, required(name, split < 0 ? words.poll() : word.substring(split + 1)));
      } else {
        throw new IllegalArgumentException(
            "bench does not take '%s': see ./trunkline bench --help".formatted(name));
      }
    }
    return of(given);
  }

  private static Order of(Map<String, String> given) {
    var only = given.get("--only");
    var json = given.get("--json");
    var data = given.get("--data");
    var url = given.get("--database-url");
    if (data != null && url != null) {
      throw new IllegalArgumentException("--data and --database-url are two databases: name one");
    }
    return new Order(
        given.containsKey("--quick"),
        suite(given),
        hours(given.getOrDefault("--hours", "1")),
        only == null ? List.of() : words(only),
        json == null ? null : Path.of(json),
        data == null ? null : Path.of(data),
        url == null ? null : jdbc(url),
        given.getOrDefault("--database-user", ""),
        given.getOrDefault("--database-password", ""),
        given.containsKey("--help"));
  }

  private static Suite suite(Map<String, String> given) {
    if (given.containsKey("--hours")) {
      return Suite.ENDURANCE;
    }
    if (given.containsKey("--growth")) {
      return Suite.GROWTH;
    }
    return given.containsKey("--peers") ? Suite.PEERS : Suite.FLOORS;
  }

  private static Duration hours(String number) {
    try {
      var seconds = Math.round(Double.parseDouble(number) * 3600);
      if (seconds >= 60 && seconds <= 1_000_000) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException _) {
      // as below
    }
    throw new IllegalArgumentException(
        "--hours: '%s' is no number of hours, such as 1 or 0.05".formatted(number));
  }

  private static String required(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return value;
  }

  private static String jdbc(String url) {
    if (!JDBC.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "--database-url: '%s' is not of the form jdbc:postgresql://host:5432/name"
              .formatted(url));
    }
    return url;
  }

  private static List<String> words(String list) {
    var known = Rows.words();
    var words = Arrays.asList(list.split(","));
    for (var word : words) {
      if (!known.contains(word)) {
        throw new IllegalArgumentException(
            "--only: there is no row '%s': %s".formatted(word, String.join(", ", known)));
      }
    }
    return words;
  }

  Effort effort() {
    return quick ? Effort.QUICK : Effort.FULL;
  }

  List<Row> rows() {
    if (!only.isEmpty()) {
      return Rows.all(effort()).filter(row -> only.contains(row.word())).toList();
    }
    return switch (suite) {
      case FLOORS -> Rows.of(effort());
      case PEERS -> Rows.besidePeers(effort());
      case GROWTH -> Rows.ofGrowth(effort());
      case ENDURANCE -> List.of(new Endurance(effort(), endurance));
    };
  }
}
