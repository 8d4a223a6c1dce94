package trunkline.console.chart;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.INSTANT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Record;
import trunkline.console.chart.Recent.Step;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// What instances did, of the minutes that they write.
public final class RecentRows {
  private static final Field<Instant> UNTIL = column("until", INSTANT);
  private static final Field<Integer> BACK = column("back", INTEGER);
  private static final Field<Long> REQUESTS = column("requests", BIGINT);
  private static final Field<Long> FAILED = column("failed", BIGINT);
  private static final Field<Long> DELIVERED = column("delivered", BIGINT);
  private static final Field<Long[]> TOOK = column("took", BIGINT.array());

  /// The minute that is under way is left out: what is not yet written would look like a fall.
  private static final SqlText STEPS =
      SqlText.of(
          """
          -- console.minutes: what all did, or one, in each step back from the last whole minute
          WITH ends AS (SELECT date_trunc('minute', clock_timestamp(), 'UTC') AS until)
          SELECT e.until, s.back, s.requests, s.failed, s.delivered, s.took
            FROM ends e
            LEFT JOIN (SELECT ((extract(epoch FROM e.until - m.minute)::int - 1) / :step) AS back,
                              sum(m.requests)::bigint AS requests, sum(m.failed)::bigint AS failed, sum(m.delivered)::bigint AS delivered,
                              ARRAY[sum(m.took[1]), sum(m.took[2]), sum(m.took[3]), sum(m.took[4]), sum(m.took[5]), sum(m.took[6]),
                                    sum(m.took[7]), sum(m.took[8]), sum(m.took[9]), sum(m.took[10]), sum(m.took[11]), sum(m.took[12])]::bigint[] AS took
                         FROM trunkline.minute_directory m, ends e
                        WHERE m.minute >= e.until - make_interval(secs => :seconds) AND m.minute < e.until
                          AND (:instance = 0 OR m.instance_id = :instance)
                        GROUP BY 1) s ON true
          """,
          UNTIL,
          BACK,
          REQUESTS,
          FAILED,
          DELIVERED,
          TOOK);

  private RecentRows() {}

  public static Recent of(Sql sql, Span span) {
    return ofInstance(sql, span, Recent.ALL);
  }

  public static Recent ofInstance(Sql sql, Span span, long instance) {
    var rows =
        sql.text(STEPS)
            .set("step", span.stepSeconds())
            .set("seconds", span.seconds())
            .set("instance", instance)
            .rows();
    var steps = new ArrayList<>(Collections.nCopies(span.steps(), Recent.NOTHING));
    for (var row : rows) {
      var back = row.get(BACK);
      if (back != null) {
        steps.set(span.steps() - 1 - back, step(row));
      }
    }
    return new Recent(span, instance, rows.getFirst().get(UNTIL), List.copyOf(steps));
  }

  private static Step step(Record row) {
    return new Step(
        number(row, REQUESTS),
        number(row, FAILED),
        number(row, DELIVERED),
        List.of(Objects.requireNonNull(row.get(TOOK))));
  }

  private static long number(Record row, Field<Long> field) {
    return Objects.requireNonNullElse(row.get(field), 0L);
  }
}
