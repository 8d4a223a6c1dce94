package trunkline.chaos;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import trunkline.testing.History.Kind;
import trunkline.testing.History.Verdict;

/// What came out.
///
/// @param title the command that repeats it
/// @param wrongs what must not happen and is no matter of delivery
record Report(
    String title, List<Row> rows, Verdict verdict, Map<String, Long> counts, List<String> wrongs) {

  /// One fault.
  ///
  /// @param gapMillis the longest time in which some client heard nothing, until the next fault
  record Row(double second, Step step, long gapMillis) {}

  static Report of(String title, List<Struck> struck, long end, Crowd crowd) {
    var begin = struck.getFirst().nanoTime();
    var rows =
        IntStream.range(0, struck.size())
            .mapToObj(i -> {
              var one = struck.get(i);
              var until = i + 1 < struck.size() ? struck.get(i + 1).nanoTime() : end;
              return new Row(
                  (one.nanoTime() - begin) / 1e9,
                  one.step(),
                  crowd.gaps().longest(one.nanoTime(), until));
            })
            .toList();
    return new Report(
        title, rows, crowd.history().verdict(), crowd.tally().counts(), crowd.tally().wrongs());
  }

  boolean isClean() {
    return verdict.findings().isEmpty() && wrongs.isEmpty();
  }

  long found(Kind kind) {
    return verdict.of(kind).size();
  }

  /// As a page in Markdown that can be read in a terminal.
  String page() {
    var text = new StringBuilder("# ").append(title).append("\n\n");
    text.append("|   at s | fault | longest gap ms |\n|---:|:---|---:|\n");
    for (var row : rows) {
      text.append(
          "| %6.1f | %-40s | %6d |%n".formatted(row.second, row.step.words(), row.gapMillis));
    }
    text.append("\n| fault | times | median gap ms | longest gap ms |\n|:---|---:|---:|---:|\n");
    rows.stream()
        .collect(groupingBy(row -> row.step.fault(), TreeMap::new, toList()))
        .forEach((fault, those) -> text.append(summary(fault, those)));
    text.append("\n| how calls ended | times |\n|:---|---:|\n");
    counts.forEach((what, times) -> text.append("| %-60s | %6d |%n".formatted(what, times)));
    text.append("\n| sent | acknowledged | delivered |");
    for (var kind : Kind.values()) {
      text.append(' ').append(word(kind)).append(" |");
    }
    text.append(" else wrong |\n|---:|---:|---:|");
    text.append("---:|".repeat(Kind.values().length + 1)).append('\n');
    text.append(
        "| %d | %d | %d |"
            .formatted(verdict.attempted(), verdict.acknowledged(), verdict.delivered()));
    for (var kind : Kind.values()) {
      text.append(" %d |".formatted(found(kind)));
    }
    text.append(" %d |\n".formatted(wrongs.size()));
    if (!isClean()) {
      text.append("\n```\n").append(verdict).append('\n');
      wrongs.stream().limit(20).forEach(wrong -> text.append(wrong).append('\n'));
      text.append("```\n");
    }
    return text.toString();
  }

  private static String summary(Fault fault, List<Row> rows) {
    var gaps = rows.stream().mapToLong(Row::gapMillis).sorted().toArray();
    return "| %-20s | %4d | %6d | %6d |%n"
        .formatted(fault.label(), gaps.length, gaps[gaps.length / 2], gaps[gaps.length - 1]);
  }

  private static String word(Kind kind) {
    return switch (kind) {
      case LOST -> "lost";
      case DUPLICATE -> "doubled";
      case INVERTED -> "inverted";
      case MISROUTED -> "misrouted";
      case PHANTOM -> "phantom";
    };
  }
}
