package trunkline.cluster;

import static trunkline.cluster.InstancesTable.INSTANCES;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
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
  private static final Field<Boolean> BATON = SqlText.column("baton", SQLDataType.BOOLEAN);

  /// Whatever of a kind is unfinished: of those whose holder is gone, handed on, or ours. By the
  /// few instances that have any, an index look-up each, as where it is taken over.
  private static final String LOST =
      """
      EXISTS (WITH RECURSIVE holders AS (
                (SELECT w.%2$s AS id FROM trunkline.%1$s w WHERE w.%3$s AND w.%2$s IS NOT NULL ORDER BY w.%2$s LIMIT 1)
                UNION ALL
                SELECT (SELECT w.%2$s FROM trunkline.%1$s w WHERE w.%3$s AND w.%2$s > l.id ORDER BY w.%2$s LIMIT 1)
                  FROM holders l WHERE l.id IS NOT NULL)
              SELECT FROM holders h
               CROSS JOIN LATERAL (SELECT FROM trunkline.instances g
                                    WHERE g.instance_id = h.id AND (g.dead_at IS NOT NULL OR g.left_at IS NOT NULL) OFFSET 0) g)
              OR EXISTS (SELECT FROM trunkline.%1$s m WHERE m.%2$s = :me AND m.%3$s)
              OR EXISTS (SELECT FROM trunkline.%1$s h WHERE h.%4$s AND h.%3$s)\
      """;

  private static final SqlText LOOK =
      SqlText.of(
          """
          -- instances.look_around: who lives, and whether a look at anything else would find something; once a second for many
          -- that would look each by itself. Each condition is no stricter than that of the statement that is left out
          SELECT g.newest, g.outbox, g.untold, g.streams, g.tasks, g.baton, i.instance_id, i.beat_at, i.expired, i.gone
            FROM (SELECT coalesce((SELECT max(id) FROM trunkline.announcements), 0) AS newest,
                         EXISTS (SELECT FROM trunkline.outbox) AS outbox,
                         EXISTS (SELECT FROM trunkline.operator_actions WHERE told_by IS NULL) AS untold,
                         %2$s AS streams,
                         %3$s AS tasks,
                         NOT EXISTS (SELECT FROM trunkline.baton b JOIN trunkline.instances h USING (instance_id)
                                      WHERE b.instance_id <> :me AND h.dead_at IS NULL AND h.left_at IS NULL
                                        AND b.held_until BETWEEN clock_timestamp() AND clock_timestamp() + 10 * :lease) AS baton) g
            LEFT JOIN (%1$s) i ON true
           ORDER BY i.instance_id LIMIT :max
          """
              .formatted(
                  InstanceRows.OTHERS,
                  LOST.formatted(
                      "streams",
                      "writer_instance",
                      "finished_at IS NULL",
                      "handed_epoch = h.writer_epoch"),
                  LOST.formatted(
                      "tasks",
                      "executor",
                      "status IN ('working', 'input_required')",
                      "handed_run = h.run")),
          NEWEST,
          OUTBOX,
          UNTOLD,
          STREAMS,
          TASKS,
          BATON,
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
  record Looked(Glance glance, List<SeenInstance> others) {}

  Looked look(InstanceId self) {
    var rows =
        database.run(sql ->
            sql.text(LOOK)
                .set("me", INSTANCES.INSTANCE_ID, self)
                .set("lease", lease)
                .set("lately", InstanceRows.LATELY)
                .set("max", InstanceRows.LOOK_MAX)
                .rows());
    var others = new ArrayList<SeenInstance>(rows.size());
    for (var row : rows) {
      @Nullable InstanceId id = row.get(INSTANCES.INSTANCE_ID);
      if (id != null) {
        others.add(
            new SeenInstance(
                id,
                row.get(INSTANCES.BEAT_AT),
                row.get(InstanceRows.EXPIRED),
                row.get(InstanceRows.GONE)));
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
            first.get(BATON)),
        others);
  }
}
