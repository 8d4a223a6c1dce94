package trunkline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The page of all options is made of what [Option] says. Its last column, when to change an
/// option, is written by hand and kept.
class OptionsPageTest {
  private static final Path COMMITTED = Path.of("src/main/docs/options.md");

  private static final Pattern ADVICE =
      Pattern.compile("(?m)^\\| `--([a-z-]+)` \\|.*\\| (.*) \\|$");

  private static final String HEAD =
      """
      # Options

      Written by `.ci/generate` from the source of `./trunkline serve --help`; only the last column is written by hand, and kept.

      Each option has three spellings: `--database-url` on the command line, `TRUNKLINE_DATABASE_URL` in the environment,
      `database-url=` in a properties file. %s An unknown name is refused.
      `./trunkline serve --print-config` prints each value and where it came from, secrets hidden. Durations are written `500ms`, `30s`, `10m`, `1h`, `1d`; sizes `512k`, `4m`. A switch is on when it is named
      alone, or `on`; `--poll-only=off` turns it off, as `--poll-only off` does on the command line.
      """
          .formatted(Options.ORDER.replaceAll("(--[a-z-]+)", "`$1`"));

  /// With `-Dtrunkline.generate` (see `.ci/generate`) it writes what it otherwise compares.
  @Test
  void the_committed_page_is_that_of_the_options() throws IOException {
    var committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";
    var page = page(advice(committed));
    if (System.getProperty("trunkline.generate") != null) {
      Files.writeString(COMMITTED, page);
      return;
    }

    assertThat(committed).as("run .ci/generate after a change of the options").isEqualTo(page);
  }

  private static Map<String, String> advice(String page) {
    return ADVICE
        .matcher(page)
        .results()
        .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
  }

  private static String page(Map<String, String> advice) {
    return HEAD
        + Stream.of(Option.Group.values())
            .map(group -> section(group, advice))
            .collect(Collectors.joining());
  }

  private static String section(Option.Group group, Map<String, String> advice) {
    var rows =
        Stream.of(Option.values())
            .filter(option -> option.group() == group)
            .map(option -> row(option, advice.getOrDefault(option.key(), "–")))
            .collect(Collectors.joining());
    return "\n## "
        + group.title()
        + "\n\n| option | default | meaning | bounds, and when to change it |\n|---|---|---|---|\n"
        + rows;
  }

  private static String row(Option option, String advice) {
    var fallback = option.fallback().isEmpty() ? "–" : "`" + option.fallback() + "`";
    var position = option.fallback().equals("true") ? "on" : "off";
    return "| `%s` | %s | %s | %s |\n"
        .formatted(option.flag(), option.isSwitch() ? position : fallback, option.help(), advice);
  }
}
