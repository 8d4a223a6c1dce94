package trunkline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import trunkline.testing.McpTestClient;
import trunkline.testing.Requirement;
import trunkline.testing.TestCluster;

/// Goal: the alerts and the dashboard ask for what an instance tells, and say what to do. Method:
/// each name in them is looked up in the page of meters; Prometheus's own tool checks the rules,
/// runs their tests, and reads what a living instance answers.
class MonitoringFilesTest {
  private static final Path RULES = Path.of("src/main/deploy/prometheus-rules.yml");
  private static final Path RULES_TEST =
      Path.of("src/test/resources/trunkline/prometheus-rules-test.yml");
  private static final Path DASHBOARD = Path.of("src/main/deploy/grafana/trunkline.json");
  private static final Path METERS = Path.of("src/main/docs/meters.md");
  private static final Path OPTIONS = Path.of("src/main/docs/options.md");
  private static final Pattern METRIC = Pattern.compile("trunkline_[a-z_]+");
  private static final Pattern ALERT = Pattern.compile("\"?alertname=?\"?:? ?\"?(Trunkline\\w+)");

  @TempDir private Path folder;

  static Stream<Path> files() {
    return Stream.of(RULES, DASHBOARD);
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(each -> each.group())
        .collect(toCollection(TreeSet::new));
  }

  /// The names at the beginnings of the page's rows.
  private static Set<String> meters() throws IOException {
    return Pattern.compile("(?m)^\\| `(trunkline_[a-z_]+)` \\| (\\w+)")
        .matcher(Files.readString(METERS))
        .results()
        .flatMap(each ->
            each.group(2).equals("histogram")
                ? Stream.of(
                    each.group(1) + "_bucket", each.group(1) + "_count", each.group(1) + "_sum")
                : Stream.of(each.group(1)))
        .collect(toCollection(TreeSet::new));
  }

  private static List<JsonNode> rules() throws IOException {
    return StreamSupport.stream(
            new YAMLMapper().readTree(Files.readString(RULES)).at("/groups/0/rules").spliterator(),
            false)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void each_metric_they_name_is_told_by_an_instance(Path file) throws IOException {
    assertThat(found(METRIC, Files.readString(file))).isNotEmpty().isSubsetOf(meters());
  }

  @Test
  void each_alert_says_how_bad_it_is_what_it_means_and_what_to_do() throws IOException {
    assertThat(rules())
        .hasSizeGreaterThan(9)
        .allSatisfy(rule -> {
          assertThat(rule.at("/labels/severity").asString()).isIn("warning", "critical");
          assertThat(rule.at("/annotations/summary").asString()).contains("$labels.instance");
          assertThat(rule.at("/annotations/description").asString()).isNotBlank();
          assertThat(rule.at("/annotations/action").asString()).isNotBlank();
        });
  }

  @Test
  void each_option_they_name_is_there() throws IOException {
    var options = found(Pattern.compile("--[a-z][a-z-]+"), Files.readString(OPTIONS));

    assertThat(found(Pattern.compile("--[a-z][a-z-]+"), Files.readString(RULES)))
        .isNotEmpty()
        .isSubsetOf(options);
  }

  @Test
  void each_alert_has_a_test() throws IOException {
    var tested =
        ALERT.matcher(Files.readString(RULES_TEST)).results().map(each -> each.group(1)).toList();

    assertThat(rules())
        .extracting(rule -> rule.path("alert").asString())
        .allMatch(tested::contains);
  }

  @Test
  void prometheus_takes_the_rules_and_their_tests_pass() throws Exception {
    var tool = Requirement.program("promtool");
    Files.copy(RULES, folder.resolve("prometheus-rules.yml"));
    Files.copy(RULES_TEST, folder.resolve("prometheus-rules-test.yml"));

    var checked = ran(builder(tool, "check", "rules", "prometheus-rules.yml"));
    var tested = ran(builder(tool, "test", "rules", "prometheus-rules-test.yml"));

    assertThat(checked.exitValue()).as(checked.text()).isZero();
    assertThat(tested.exitValue()).as(tested.text()).isZero();
  }

  @Test
  void prometheus_reads_what_an_instance_tells(TestCluster cluster) throws Exception {
    var tool = Requirement.program("promtool");
    var instance = cluster.start("a");
    var page = folder.resolve("metrics.txt");
    try (var client = new McpTestClient()) {
      var url = URI.create(instance.url().toString().replace("/mcp", "/observe/metrics"));
      Files.writeString(page, client.on(url).raw("GET", new byte[0]).body());
    }

    var said = ran(builder(tool, "check", "metrics").redirectInput(page.toFile()));

    // 3: it reads them, and has advice on names, which are a promise.
    assertThat(said.exitValue()).as(said.text()).isIn(0, 3);
  }

  private ProcessBuilder builder(Path tool, String... arguments) {
    var command = new ArrayList<String>();
    command.add(tool.toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
  }

  private record Said(int exitValue, String text) {}

  private static Said ran(ProcessBuilder builder) throws Exception {
    var process = builder.start();
    try {
      var text = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(30, SECONDS)).as("it ends").isTrue();
      return new Said(process.exitValue(), text);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void panels_of_the_dashboard_lie_beside_each_other_and_ask_the_chosen_source()
      throws IOException {
    var taken = new HashSet<String>();
    var ids = new HashSet<Integer>();
    for (var panel : JsonMapper.shared().readTree(Files.readString(DASHBOARD)).path("panels")) {
      var title = panel.path("title").asString();
      var place = panel.path("gridPos");
      assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
      assertThat(place.path("x").asInt() + place.path("w").asInt())
          .as(title)
          .isLessThanOrEqualTo(24);
      for (var x = 0; x < place.path("w").asInt(); x++) {
        for (var y = 0; y < place.path("h").asInt(); y++) {
          var cell = (place.path("x").asInt() + x) + "," + (place.path("y").asInt() + y);
          assertThat(taken.add(cell)).as(title + " lies over another").isTrue();
        }
      }
      for (var target : panel.path("targets")) {
        assertThat(target.at("/datasource/uid").asString()).as(title).isEqualTo("${datasource}");
        assertThat(target.path("expr").asString()).as(title).contains("$instance");
      }
    }
    assertThat(ids).hasSizeGreaterThan(20);
  }
}
