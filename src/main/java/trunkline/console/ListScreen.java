package trunkline.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Record;
import trunkline.console.Listed.Cell;
import trunkline.console.Listed.Row;
import trunkline.console.Lists.Spec;
import trunkline.http.Pages.Visit;
import trunkline.page.Words;

/// A page of one of the [Lists].
final class ListScreen {
  private static final int ALL = 0;

  private final ConsoleLine line;

  ListScreen(ConsoleLine line) {
    this.line = line;
  }

  Shown show(String word, Visit visit) throws InterruptedException {
    var found = Lists.find(word);
    if (found.isEmpty()) {
      return new Shown.Missing("the console has no such page");
    }
    var list = found.get();
    var from = Asked.key(visit, "before", Long.MAX_VALUE);
    var instance = list.ofInstance() ? Asked.instance(visit, "instance", ALL) : ALL;
    var records =
        line.read(sql -> {
          var text = sql.text(list.text()).set("before", from).set("rows", Lists.ROWS_MAX + 1);
          if (list.ofInstance()) {
            text.set("instance", instance)
                .set("look", instance == ALL ? Lists.ROWS_MAX + 1 : Lists.LOOKED_AT_MAX);
          }
          return text.fetch(row -> row);
        });
    return Shown.filled(list.title(), "list.jte", listed(list, instance, records));
  }

  private static Listed listed(Spec list, int instance, List<Record> records) {
    var more = list.key().isPresent() && records.size() > Lists.ROWS_MAX;
    var shown = more ? records.subList(0, Lists.ROWS_MAX) : records;
    var of = instance == ALL ? "" : "&instance=" + instance;
    var older = more ? "?before=" + shown.getLast().get(list.key().orElseThrow()) + of : "";
    return new Listed(
        list.word(),
        list.says(),
        instance,
        list.columns().stream().map(Lists.Column::head).toList(),
        shown.stream().map(record -> row(list, record)).toList(),
        !list.deeds().isEmpty(),
        list.acts().stream().map(word -> Acts.find(word).orElseThrow()).toList(),
        older);
  }

  private static Row row(Spec list, Record record) {
    var cells = new ArrayList<Cell>();
    for (var column : list.columns()) {
      var value = record.get(column.field());
      cells.add(
          new Cell(
              text(value), value == null || column.link().isEmpty() ? "" : column.link() + value));
    }
    var deeds =
        list.deeds().stream()
            .filter(deed -> Boolean.TRUE.equals(record.get(deed.possible())))
            .map(deed ->
                new Listed.Deed(
                    deed.title(),
                    "acts/%s?%s=%s".formatted(deed.act(), deed.about(), record.get(deed.field()))))
            .toList();
    return new Row(List.copyOf(cells), deeds);
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> "–";
      case Instant at -> Words.time(at);
      case String said -> Words.name(said);
      default -> value.toString();
    };
  }
}
