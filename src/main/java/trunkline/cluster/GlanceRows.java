package trunkline.cluster;

import static trunkline.cluster.InstancesTable.INSTANCES;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.signal.Canary;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.SqlText;

/// Looks around: at the other instances, and whether there may be something to do.
final class GlanceRows {
  private static final Field<Long> NEWEST = SqlText.column("newest", SQLDataType.BIGINT);
  private static final Field<Boolean> OUTBOX = SqlText.column("outbox", SQLDataType.BOOLEAN);
  private static final Field<Boolean> UNTOLD = SqlText.column("untold", SQLDataType.BOOLEAN);
  private static final Field<Boolean> STREAMS = SqlText.column("streams", SQLDataType.BOOLEAN);
  private static final Field<Boolean> TASKS = SqlText.column("tasks", SQLDataType.BOOLEAN);
  private static final Field<Instant> GONE_AT = SqlText.column("gone_at", SQLDataType.INSTANT);
  private static final Field<Instant> COUNTED_AT =
      SqlText.column("counted_at", SQLDataType.INSTANT);
  private static final Field<Integer> SLOT = SqlText.column("slot", SQLDataType.INTEGER);
  private static final Field<Boolean> BATON = SqlText.column("baton", SQLDataType.BOOLEAN);

  /// Whatever of a kind is unfinished: of those whose holder is gone, handed on, or ours. By the
  /// few instances that have any, an index look-up each, as where it is taken over.
  private static final String LOST_STREAMS =
      """
      EXISTS (WITH RECURSIVE holders AS (
                (SELECT w.writer_instance AS id FROM trunkline.streams w WHERE w.finished_at IS NULL AND w.writer_instance IS NOT NULL ORDER BY w.writer_instance LIMIT 1)
                UNION ALL
                SELECT (SELECT w.writer_instance FROM trunkline.streams w WHERE w.finished_at IS NULL AND w.writer_instance > l.id ORDER BY w.writer_instance LIMIT 1)
                  FROM holders l WHERE l.id IS NOT NULL)
              SELECT FROM holders h
               CROSS JOIN LATERAL (SELECT FROM trunkline.instances g
                                    WHERE g.instance_id = h.id AND (g.dead_at IS NOT NULL OR g.left_at IS NOT NULL) OFFSET 0) g)
              OR EXISTS (SELECT FROM trunkline.streams m WHERE m.writer_instance = :me AND m.finished_at IS NULL)
              OR EXISTS (SELECT FROM trunkline.streams h WHERE h.handed_epoch = h.writer_epoch AND h.finished_at IS NULL)\
      """;

  /// The same.
  private static final String LOST_TASKS =
      """
      EXISTS (WITH RECURSIVE holders AS (
                (SELECT w.executor AS id FROM trunkline.tasks w WHERE w.status IN ('working', 'input_required') AND w.executor IS NOT NULL ORDER BY w.executor LIMIT 1)
                UNION ALL
                SELECT (SELECT w.executor FROM trunkline.tasks w WHERE w.status IN ('working', 'input_required') AND w.executor > l.id ORDER BY w.executor LIMIT 1)
                  FROM holders l WHERE l.id IS NOT NULL)
              SELECT FROM holders h
               CROSS JOIN LATERAL (SELECT FROM trunkline.instances g
                                    WHERE g.instance_id = h.id AND (g.dead_at IS NOT NULL OR g.left_at IS NOT NULL) OFFSET 0) g)
              OR EXISTS (SELECT FROM trunkline.tasks m WHERE m.executor = :me AND m.status IN ('working', 'input_required'))
              OR EXISTS (SELECT FROM trunkline.tasks h WHERE h.handed_run = h.run AND h.status IN ('working', 'input_required'))\
      """;

  private static final SqlText LOOK =
      SqlText.of(
          """
          -- instances.look_around: who lives, and whether a look at anything else would find something; once a second for many
          -- that would look each by itself. Each condition is no stricter than that of the statement that is left out. A canary
          -- travels with it now and then, as canary.send
          WITH canary AS MATERIALIZED (
                 SELECT pg_notify(:channel, :word) FROM pg_notification_queue_usage() WHERE :word <> '')
          SELECT g.newest, g.outbox, g.untold, g.streams, g.tasks, g.baton, g.gone_at, g.counted_at, g.slot,
                 i.instance_id, i.beat_at, i.expired, i.gone
            FROM (SELECT coalesce((SELECT max(id) FROM trunkline.announcements), 0) AS newest,
                         EXISTS (SELECT FROM trunkline.outbox) AS outbox,
                         EXISTS (SELECT FROM trunkline.operator_actions WHERE told_by IS NULL) AS untold,
                         %2$s AS streams,
                         %3$s AS tasks,
                         NOT EXISTS (SELECT FROM trunkline.baton b JOIN trunkline.instances h USING (instance_id)
                                      WHERE b.instance_id <> :me AND h.dead_at IS NULL AND h.left_at IS NULL
                                        AND b.held_until BETWEEN clock_timestamp() AND clock_timestamp() + 10 * :lease) AS baton,
                         (SELECT max(coalesce(dead_at, left_at)) FROM trunkline.instances WHERE coalesce(dead_at, left_at) IS NOT NULL) AS gone_at,
                         (SELECT counted_at FROM trunkline.session_tally) AS counted_at,
                         coalesce((SELECT current_slot::integer FROM trunkline.issuing), -1) AS slot,
                         (SELECT count(*) FROM canary) AS canaries) g
            LEFT JOIN %1$s i ON true
           WHERE g.canaries >= 0 -- what nobody asks for is not executed
           ORDER BY i.instance_id LIMIT :max
          """
              .formatted(InstanceRows.OTHERS, LOST_STREAMS, LOST_TASKS),
          NEWEST,
          OUTBOX,
          UNTOLD,
          STREAMS,
          TASKS,
          BATON,
          GONE_AT,
          COUNTED_AT,
          SLOT,
          INSTANCES.INSTANCE_ID,
          INSTANCES.BEAT_AT,
          InstanceRows.EXPIRED,
          InstanceRows.GONE);

  private final Database database;
  private final Duration lease;

  GlanceRows(Database database, Duration lease) {
    this.database = database;
    this.lease = lease;
  }

  /// All of one snapshot.
  record Looked(Glance glance, List<Sighting.Row> others) {}

  Looked look(InstanceId self, Optional<Canary> canary) {
    var rows =
        database.run(sql ->
            sql.text(LOOK)
                .set("channel", canary.map(Canary::channel).orElse(""))
                .set("word", canary.map(Canary::word).orElse(""))
                .set("me", INSTANCES.INSTANCE_ID, self)
                .set("lease", lease)
                .set("lately", InstanceRows.LATELY)
                .set("max", InstanceRows.LOOK_MAX)
                .rows());
    var others = new ArrayList<Sighting.Row>(rows.size());
    for (var row : rows) {
      @Nullable InstanceId id = row.get(INSTANCES.INSTANCE_ID);
      if (id != null) { // null: there is no other
        others.add(InstanceRows.sighted(row));
      }
    }
    var first = rows.getFirst();
    return new Looked(
        new Glance(
            first.get(NEWEST),
            first.get(OUTBOX),
            first.get(UNTOLD),
            first.get(STREAMS),
            first.get(TASKS),
            first.get(BATON),
            Optional.ofNullable(first.get(GONE_AT)),
            Optional.ofNullable(first.get(COUNTED_AT)),
            first.get(SLOT)),
        others);
  }
}
