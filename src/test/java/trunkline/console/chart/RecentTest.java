package trunkline.console.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.console.chart.Chart.Measure;
import trunkline.console.chart.Recent.Step;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

/// What the charts of the overview show is what the minutes say.
class RecentTest {
  private static final List<Long> EVEN = Collections.nCopies(12, 1L);

  private static Step took(Long... buckets) {
    var all = new ArrayList<>(Collections.nCopies(12, 0L));
    for (var bucket = 0; bucket < buckets.length; bucket++) {
      all.set(bucket, buckets[bucket]);
    }
    return new Step(1, 0, 0, all);
  }

  private static Recent read(TestDatabase db, Span span) {
    try (var database = new Database(new Connections(db.settings()), "test")) {
      return database.run(sql -> RecentRows.of(sql, span));
    }
  }

  @Test
  void how_long_requests_take_is_told_as_far_as_their_buckets_tell() {
    assertThat(took(10L).millis(0.5)).isEqualTo(0.5);
    assertThat(took(5L, 5L).millis(0.5)).isEqualTo(1);
    assertThat(took(0L, 0L, 4L).millis(0.5)).isEqualTo(3.5);
    assertThat(new Step(12, 0, 0, EVEN).millis(0.95)).isEqualTo(5_000);
    assertThat(Recent.NOTHING.millis(0.5)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.1",
    "0.1, 0.1",
    "0.11, 0.2",
    "0.3, 0.5",
    "0.9, 1",
    "1.5, 2",
    "4, 5",
    "9, 10",
    "11, 20",
    "1234, '2,000'"
  })
  void the_scale_ends_at_a_round_number(double highest, String top) {
    var steps = List.of(Recent.NOTHING, Recent.NOTHING);
    var chart =
        Chart.of(
            new Recent(Span.HOUR, Recent.ALL, Instant.EPOCH, steps),
            "A",
            "b",
            new Measure("k", "n", _ -> highest));

    assertThat(chart.top()).isEqualTo(top);
  }

  /// Goal: a minute is in its step, and none is lost or counted twice. Method: one row for each
  /// minute of two days, of two instances.
  @ParameterizedTest
  @CsvSource({"HOUR, 60, 2", "DAY, 288, 10"})
  void a_minute_is_in_its_step(Span span, int steps, long each, TestDatabase db) {
    db.sql("truncate trunkline.instance_minutes");
    db.sql(
        """
        insert into trunkline.instance_minutes
        select date_trunc('minute', clock_timestamp(), 'UTC') + g * interval '1 minute', i, 1, 1, 1, 1, 1, 1, '{1,0,0,0,0,0,0,0,0,0,0,0}'
          from generate_series(-2880, 5) g, generate_series(1, 2) i
        """);

    var recent = read(db, span);

    assertThat(recent.steps())
        .hasSize(steps)
        .containsOnly(
            new Step(each, each, each, List.of(each, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L)));
    assertThat(recent.until().getEpochSecond() % 60).isZero();
  }

  @Test
  void where_nothing_was_done_nothing_is_shown(TestDatabase db) {
    db.sql("truncate trunkline.instance_minutes");

    var recent = read(db, Span.HOUR);

    assertThat(recent.steps()).hasSize(60).containsOnly(Recent.NOTHING);
    assertThat(Charts.of(recent).charts())
        .allSatisfy(chart -> assertThat(chart.said()).contains("at most 0.0"));
  }

  @Test
  void the_points_go_from_left_to_right_and_up() {
    var steps = List.of(took(), new Step(4, 0, 0, EVEN), new Step(2, 0, 0, EVEN));
    var chart =
        Chart.of(
            new Recent(Span.HOUR, Recent.ALL, Instant.EPOCH, steps),
            "A",
            "b",
            new Measure("k", "n", Step::requests));

    assertThat(chart.curves().getFirst().lines()).containsExactly("0.0,76.8 240.0,19.2 480.0,57.6");
    assertThat(chart.said()).isEqualTo("A over the last hour: n now 2.0, at most 4.0 b");
  }

  @Test
  void where_there_is_nothing_to_show_a_curve_is_broken() {
    var values = List.of(1.0, Double.NaN, 1.0, 2.0, Double.NaN, 2.0);
    var steps = values.stream().map(value -> new Step(Math.round(value), 0, 0, EVEN)).toList();
    var chart =
        Chart.of(
            new Recent(Span.HOUR, Recent.ALL, Instant.EPOCH, steps),
            "A",
            "b",
            new Measure("k", "n", step -> step.requests() == 0 ? Double.NaN : step.requests()));

    assertThat(chart.curves().getFirst().lines())
        .containsExactly("0.0,48.0 48.0,48.0", "192.0,48.0 288.0,0.0", "432.0,0.0 480.0,0.0");
    assertThat(chart.curves().getFirst().last()).isEqualTo("2.0");
  }
}
