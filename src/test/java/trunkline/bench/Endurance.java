package trunkline.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Hours at half the rate that is possible: heap, tables, indexes, slots and latency stay what they
/// are. The history is so short that its slots come round within the first third of the time.
final class Endurance implements Row {
  private static final int STREAMS = 1_000;
  private static final int TURNS = 24;

  /// Until what has waited for a collection has come.
  private static final long COLLECTED_MILLIS = 3_000;

  private final Effort effort;
  private final Duration time;

  Endurance(Effort effort, Duration time) {
    this.effort = effort;
    this.time = time;
  }

  @Override
  public String word() {
    return "hours";
  }

  @Override
  public String title() {
    return "the greatest growth in %d min at half the rate".formatted(time.toMinutes());
  }

  @Override
  public String floor() {
    return "";
  }

  @Override
  public String unit() {
    return "of what it was";
  }

  @Override
  public Target target() {
    return Target.atMost(1.1);
  }

  @Override
  public int roundsMax() {
    return 1;
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var turn = Math.max(2, time.toSeconds() / TURNS);
    var settings = Map.of("history-age-max", turn * 6 + "s", "session-idle-timeout", "1d");
    var writer = stage.server(settings);
    var reader = stage.server(settings);
    var audience = Audience.of(STREAMS, writer.address(), List.of(reader.address()));
    var senders = new Senders(writer.address(), audience.sessions());
    var rates = new ArrayList<Double>();
    WarmUp.of(() -> {
      rates.add(audience.most(senders, WarmUp.share(effort)));
      return rates.getLast();
    });
    var most = rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    return new Trial() {
      @Override
      public Round round() throws Exception {
        senders.start((long) (senders.size() * 1e9 / (most / 2)));
        var round = watch(stage, writer, reader, audience);
        audience.await(senders.stop());
        return round.with("messages/s", most / 2);
      }

      @Override
      public void close() {
        senders.close();
        audience.close();
        writer.close();
        reader.close();
      }
    };
  }

  /// A line each minute, of a short time twelve.
  private Round watch(Stage stage, Worker writer, Worker reader, Audience audience)
      throws Exception {
    var between = Math.min(60_000, time.toMillis() / 12);
    var end = System.nanoTime() + time.toNanos();
    Map<String, List<Double>> seen = new LinkedHashMap<>();
    var slowest = new Samples();
    while (System.nanoTime() < end) {
      var heap = (writer.heap() + reader.heap()) / 1e6;
      Pause.ofMillis(COLLECTED_MILLIS);
      var _ = audience.times(); // those that a collection has delayed
      Pause.ofMillis(between);
      var times = audience.times();
      var now = new LinkedHashMap<String, Double>();
      now.put("heap MB", heap);
      space(stage, now);
      now.put("p50 ms", times.micros(0.5) / 1e3);
      slowest.addAll(times);
      now.forEach((what, figure) -> seen.computeIfAbsent(what, _ -> new ArrayList<>()).add(figure));
      System.out.printf(
          "  %,d messages; %s; p99 %.1f ms%n",
          audience.heard(), text(now), times.micros(0.99) / 1e3);
    }
    return verdict(seen).with("p99 ms, over all", slowest.micros(0.99) / 1e3);
  }

  private static String text(Map<String, Double> figures) {
    return figures.entrySet().stream()
        .map(each -> String.format("%s %.1f", each.getKey(), each.getValue()))
        .reduce((one, other) -> one + ", " + other)
        .orElse("");
  }

  private static Round verdict(Map<String, List<Double>> seen) {
    var most = 0.0;
    Map<String, Double> growths = new LinkedHashMap<>();
    for (var each : seen.entrySet()) {
      var growth = Trend.growth(each.getValue());
      growths.put("growth of " + each.getKey(), growth);
      most = Math.max(most, growth);
    }
    return new Round(Double.NaN, most, growths);
  }

  private static void space(Stage stage, Map<String, Double> now) throws SQLException {
    try (var connection = stage.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                select sum(pg_total_relation_size(oid)) filter (where slot) / 1e6,
                       count(*) filter (where slot and relname like 'out%' and pg_relation_size(oid) > 0),
                       sum(pg_table_size(oid)) filter (where not slot) / 1e6,
                       sum(pg_indexes_size(oid)) filter (where not slot) / 1e6
                  from (select oid, relname, relname ~ '^(outbound_messages|publish_batches)_[0-7]$' as slot from pg_class
                         where relnamespace = 'trunkline'::regnamespace and relkind = 'r') c
                """)) {
      rows.next();
      now.put("slots MB", rows.getDouble(1));
      now.put("slots in use", rows.getDouble(2));
      now.put("tables MB", rows.getDouble(3));
      now.put("indexes MB", rows.getDouble(4));
    }
  }
}
