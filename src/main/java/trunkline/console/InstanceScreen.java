package trunkline.console;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INSTANT;
import static trunkline.store.SqlText.column;

import java.time.Instant;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import trunkline.console.InstanceLife.Told;
import trunkline.console.chart.Charts;
import trunkline.console.chart.RecentRows;
import trunkline.console.chart.Span;
import trunkline.http.Pages.Visit;
import trunkline.page.Words;
import trunkline.status.ShownState;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// One instance: what it is doing, and what it did.
final class InstanceScreen {
  private static final Field<String> STATE = column("state", CLOB);
  private static final Field<String> URL = column("url", CLOB);
  private static final Field<String> VERSION = column("version", CLOB);
  private static final Field<String> WAKE_MODE = column("wake_mode", CLOB);
  private static final Field<Long> STREAMS = column("streams_held", BIGINT);
  private static final Field<Long> CALLS = column("calls_written", BIGINT);
  private static final Field<Instant> STARTED = column("started_at", INSTANT);
  private static final Field<Instant> BEAT = column("beat_at", INSTANT);
  private static final Field<Instant> WANTED = column("drain_wanted_at", INSTANT);
  private static final Field<Instant> DRAINED = column("drained_at", INSTANT);

  private static final SqlText TEXT =
      SqlText.of(
          """
          -- console.instance: how it is
          SELECT %s, url, version, wake_mode, streams_held, calls_written, started_at, beat_at, drain_wanted_at, drained_at
            FROM trunkline.instance_directory WHERE instance_id = :instance
          """
              .formatted(ShownState.SQL),
          STATE,
          URL,
          VERSION,
          WAKE_MODE,
          STREAMS,
          CALLS,
          STARTED,
          BEAT,
          WANTED,
          DRAINED);

  private final ConsoleLine line;

  InstanceScreen(ConsoleLine line) {
    this.line = line;
  }

  /// @param below its number, and perhaps `now`: how it is, by itself
  Shown show(String below, Visit visit) throws InterruptedException {
    var asked = Address.of(below, "now");
    if (asked.isEmpty()) {
      return new Shown.Missing("an instance is named by its number");
    }
    var instance = asked.get().number();
    var title = "Instance " + instance;
    var span = Asked.choice(visit, "span", Span.class).orElse(Span.HOUR);
    var shown =
        asked.get().isWhole()
            ? line.read(sql -> life(sql, instance, span))
                .map(life -> Shown.filled(title, "instance.jte", life))
            : line.read(sql -> told(sql, instance))
                .map(told -> Shown.filled(title, "instancenow.jte", told));
    return shown.orElseGet(() ->
        new Shown.Missing(
            "there is no instance %d: one is forgotten 30 days after its end".formatted(instance)));
  }

  private static Optional<InstanceLife> life(Sql sql, long instance, Span span) {
    return told(sql, instance)
        .map(told ->
            new InstanceLife(
                instance, told, Charts.of(RecentRows.ofInstance(sql, span, instance))));
  }

  private static Optional<Told> told(Sql sql, long instance) {
    return sql.text(TEXT).set("instance", instance).optional(InstanceScreen::told);
  }

  private static Told told(Record row) {
    var wanted = row.get(WANTED);
    var drained = row.get(DRAINED);
    return new Told(
        row.get(STATE),
        Words.name(row.get(URL)),
        Words.name(row.get(VERSION)),
        Words.name(row.get(WAKE_MODE)),
        Words.number(row.get(STREAMS)),
        Words.number(row.get(CALLS)),
        Words.time(row.get(STARTED)),
        Words.time(row.get(BEAT)),
        wanted == null ? "" : Words.time(wanted),
        drained == null ? "" : Words.time(drained));
  }
}
