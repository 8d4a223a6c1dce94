package trunkline.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import trunkline.cli.SqlTable.Column;
import trunkline.status.Rates;
import trunkline.status.Status;
import trunkline.status.Status.Living;
import trunkline.status.Status.Space;
import trunkline.status.Status.Waiting;
import trunkline.telemetry.LogText;

/// A status as a page for people.
final class StatusPage {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("instance", true),
          new Column("state", false),
          new Column("url", false),
          new Column("version", false),
          new Column("wake", false),
          new Column("beat", true),
          new Column("up", true),
          new Column("streams", true),
          new Column("calls", true));

  private static final String UNKNOWN = "?";

  private final StringBuilder text = new StringBuilder();

  private StatusPage() {}

  static String of(Status status, Optional<Rates> rates) {
    var page = new StatusPage();
    page.text.append(status.living().map(StatusPage::instances).orElse(""));
    page.line("sessions", status.sessions().map(each -> each + " living"));
    page.line(
        "streams",
        status
            .streams()
            .map(each ->
                "%d with a client, %d of calls that are not answered"
                    .formatted(each.held(), each.unfinished())));
    page.line("calls", status.calls().map(StatusPage::waiting));
    page.line("questions", status.questions().map(StatusPage::waiting));
    page.line("tasks", status.tasks().map(StatusPage::tasks));
    page.line("outbox", status.outbox().map(StatusPage::waiting));
    page.line(
        "backlog",
        status
            .backlog()
            .map(each ->
                "%d messages for clients that are connected, %d for others"
                    .formatted(each.connected(), each.away())));
    page.line("oldest", Optional.of(status.oldest().orElse("nothing waits")));
    page.line("slots", status.space().map(StatusPage::slots));
    page.line("in all", status.space().map(each -> size(each.total())));
    rates.ifPresent(each -> page.line("a second", Optional.of(rates(each))));
    status.missing().forEach((part, why) -> page.line("no " + part, Optional.of(why)));
    page.line(
        "faults",
        Optional.of(
            status.faults().isEmpty()
                ? "none at a glance; ./trunkline doctor looks closer"
                : String.join("; ", status.faults())));
    return page.text.toString();
  }

  private void line(String name, Optional<String> value) {
    text.append("%-10s %s%n".formatted(name, LogText.escaped(value.orElse(UNKNOWN))));
  }

  private static String instances(List<Living> living) {
    var printed = new ByteArrayOutputStream();
    new SqlTable(COLUMNS, living.stream().map(StatusPage::row).toList())
        .print(new PrintStream(printed, true, StandardCharsets.UTF_8));
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static List<String> row(Living living) {
    return List.of(
        String.valueOf(living.id()),
        living.state(),
        LogText.line(living.url()),
        LogText.line(living.version()),
        living.wakeMode(),
        living.beatSeconds() + " s",
        time(living.startedSeconds()),
        String.valueOf(living.streams()),
        living.calls().map(String::valueOf).orElse(UNKNOWN));
  }

  private static String waiting(Waiting waiting) {
    return waiting.number() == 0
        ? "0"
        : "%d, the oldest for %s".formatted(waiting.number(), time(waiting.oldestSeconds()));
  }

  private static String tasks(Map<String, Long> tasks) {
    return tasks.isEmpty()
        ? "0"
        : tasks.entrySet().stream()
            .map(each -> each.getValue() + " " + each.getKey())
            .collect(Collectors.joining(", "));
  }

  private static String slots(Space space) {
    return IntStream.range(0, space.slots().size())
        .mapToObj(i ->
            size(space.slots().get(i))
                + (space.currentSlot().filter(slot -> slot == i).isPresent() ? " (written)" : ""))
        .collect(Collectors.joining(", "));
  }

  private static String rates(Rates rates) {
    return String.format(
        Locale.ROOT,
        "%.1f messages, %.1f announcements, %.0f transactions",
        rates.messages(),
        rates.announcements(),
        rates.transactions());
  }

  private static String time(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
  }

  private static String size(long bytes) {
    if (bytes < 10_000_000) {
      return bytes / 1_000 + " kB";
    }
    return bytes < 10_000_000_000L ? bytes / 1_000_000 + " MB" : bytes / 1_000_000_000 + " GB";
  }
}
