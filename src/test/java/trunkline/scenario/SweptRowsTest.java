package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: what a sweep is said to have handled is what it has handled. Method: for each sweep that
/// the meters name, rows that are due for it, among many that are not; and their number is read.
@Tag("cluster")
class SweptRowsTest {
  private static final Pattern SWEPT =
      Pattern.compile("trunkline_swept_rows_total\\{sweep=\"([^\"]+)\"} (\\S+)");

  /// Those that look, or whose work is not a row that a test could put there.
  private static final Set<String> LOOKING =
      Set.of(
          "news",
          "moves",
          "positions",
          "control",
          "switches",
          "seal keys",
          "last uses",
          "minutes",
          "key uses",
          "rates",
          "idle portions",
          "session count",
          "highest id",
          "dead instances",
          "unattended streams");

  @Test
  void every_sweep_counts_the_rows_that_it_handled(TestCluster cluster) {
    cluster
        .database()
        .sql("update trunkline.control set slot_opened_at = clock_timestamp()"); // not the
    // template's
    var a = cluster.start("a");
    assertThat(swept(a).keySet()).as("a sweep has its case").isEqualTo(all());
    assertThat(swept(a)).allSatisfy((sweep, rows) -> assertThat(rows).as(sweep).isLessThan(2));

    DueRows.CASES.forEach((_, due) -> due.statements().forEach(sql -> insert(cluster, a, sql)));

    DueRows.CASES.forEach((sweep, due) ->
        FaultBooth.await(
            sweep + " handled " + due.rows(),
            () -> {
              a.server().sweepOnce();
              return swept(a).getOrDefault(sweep, 0.0) >= due.rows();
            }));
    a.server().sweepOnce();
    var counted = swept(a);
    DueRows.CASES.forEach(
        (sweep, due) -> assertThat(counted.get(sweep)).as(sweep).isEqualTo(due.rows()));
  }

  private static Set<String> all() {
    var all = new TreeMap<String, Object>(DueRows.CASES);
    LOOKING.forEach(sweep -> all.put(sweep, sweep));
    return all.keySet();
  }

  private static void insert(TestCluster cluster, Instance a, String sql) {
    cluster.database().sql(sql.replace("{me}", Integer.toString(a.id())));
  }

  /// The rows that each sweep of the instance has handled.
  static Map<String, Double> swept(Instance instance) {
    try (var client = new McpTestClient()) {
      var url = URI.create(instance.url().toString().replace("/mcp", "/observe/metrics"));
      var found = new TreeMap<String, Double>();
      SWEPT
          .matcher(client.on(url).raw("GET", new byte[0]).body())
          .results()
          .forEach(line -> found.put(line.group(1), Double.valueOf(line.group(2))));
      return found;
    }
  }
}
