package trunkline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.Meters.Watched;

/// Requirement G7: the names of meters and their tags are a promise, so a page lists them and a
/// change is seen. Its last column is written by hand and kept.
class MetersPageTest {
  private static final Path COMMITTED = Path.of("src/main/docs/meters.md");

  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)\\{([^}]*)} ");
  private static final Pattern TAG = Pattern.compile("([a-z_]+)=\"");
  private static final Pattern MEANING = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|.*\\| (.*) \\|$");

  private static final String HEAD =
      """
      # Meters

      Written by `.ci/generate`; only the last column is written by hand, and kept. Prometheus text at `/observe/metrics`, for each
      instance its own; names and tags are a promise. A histogram has `_bucket`, `_count` and `_sum`, a summary `_count` and `_sum`;
      what is measured in seconds has `_max` beside it. A counter with a tag is there from the first time that it counts.

      | meter | kind | tags | what |
      |---|---|---|---|
      """;

  /// With `-Dtrunkline.generate` (see `.ci/generate`) it writes what it otherwise compares.
  @Test
  void the_committed_page_lists_every_meter() throws IOException {
    var committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";
    var page = page(scrape(), meanings(committed));
    if (System.getProperty("trunkline.generate") != null) {
      Files.writeString(COMMITTED, page);
      return;
    }

    assertThat(committed).as("run .ci/generate after a change of the meters").isEqualTo(page);
    assertThat(meanings(committed)).doesNotContainValue("");
  }

  private static String scrape() {
    try (var meters = new Meters()) {
      MeterCases.CHANGES.forEach(change -> meters.emit(change.event()));
      for (var watched : Watched.values()) {
        meters.watch(watched, () -> 1);
      }
      return meters.scrape().orElseThrow();
    }
  }

  private static Map<String, String> meanings(String page) {
    return MEANING
        .matcher(page)
        .results()
        .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2).strip()));
  }

  private static String page(String scrape, Map<String, String> meanings) {
    var kinds = new TreeMap<String, String>();
    TYPE.matcher(scrape).results().forEach(line -> kinds.put(line.group(1), line.group(2)));
    var tags = new TreeMap<String, TreeSet<String>>();
    SAMPLE
        .matcher(scrape)
        .results()
        .forEach(sample ->
            TAG.matcher(sample.group(2))
                .results()
                .map(tag -> tag.group(1))
                .filter(tag -> !tag.equals("le"))
                .forEach(tag ->
                    tags.computeIfAbsent(
                            sample.group(1).replaceAll("_(bucket|count|sum|max)$", ""),
                            _ -> new TreeSet<>())
                        .add(tag)));
    return kinds.entrySet().stream()
        .filter(
            meter -> meter.getKey().startsWith("trunkline_") && !meter.getKey().endsWith("_max"))
        .map(meter ->
            "| `%s` | %s | %s | %s |\n"
                .formatted(
                    meter.getKey(),
                    meter.getValue(),
                    tags.getOrDefault(meter.getKey(), new TreeSet<>()).stream()
                        .map("`%s`"::formatted)
                        .collect(Collectors.joining(", ")),
                    meanings.getOrDefault(meter.getKey(), "")))
        .collect(Collectors.joining("", HEAD, ""));
  }
}
