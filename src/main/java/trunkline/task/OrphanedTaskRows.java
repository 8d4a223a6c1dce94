package trunkline.task;

import static trunkline.task.TaskRows.UNFINISHED;
import static trunkline.task.TasksTable.TASKS;

import java.util.Collection;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import trunkline.signal.InstanceId;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// Takes over the `tasks` that instances left unfinished, and hands on those of this one.
final class OrphanedTaskRows {
  /// Runs that were taken over and have not begun do not count.
  private static final String HAS_A_RUN_LEFT = "t.begun < CASE WHEN t.rerunnable THEN 2 ELSE 1 END";

  private static final Field<Boolean> AGAIN = SqlText.column("again", SQLDataType.BOOLEAN);

  /// By the few executors that have unfinished tasks, one index look-up each, however many tasks
  /// there are; then judged.
  private static final String ORPHANS =
      """
      trunkline.tasks t JOIN trunkline.instances i ON i.instance_id = t.executor
       WHERE t.task_key = ANY (ARRAY (
               WITH RECURSIVE executors AS (
                 (SELECT e.executor AS id FROM trunkline.tasks e WHERE e.%1$s ORDER BY e.executor LIMIT 1)
                 UNION ALL
                 SELECT (SELECT e.executor FROM trunkline.tasks e WHERE e.%1$s AND e.executor > l.id ORDER BY e.executor LIMIT 1)
                   FROM executors l WHERE l.id IS NOT NULL)
               SELECT o.task_key FROM executors e
                CROSS JOIN LATERAL (SELECT g.instance_id FROM trunkline.instances g
                                     WHERE g.instance_id = e.id AND (g.dead_at IS NOT NULL OR g.left_at IS NOT NULL) OFFSET 0) g
                CROSS JOIN LATERAL (SELECT d.task_key FROM trunkline.tasks d
                                     WHERE d.executor = g.instance_id AND d.%1$s OFFSET 0) o
               UNION ALL
               SELECT h.task_key FROM trunkline.tasks h WHERE h.handed_run = h.run AND h.%1$s
               UNION ALL
               SELECT m.task_key FROM trunkline.tasks m
                WHERE m.executor = :taker AND m.%1$s AND m.task_key <> ALL (:running)))
         AND t.%1$s AND t.expires_at > clock_timestamp()
         AND (i.dead_at IS NOT NULL OR i.left_at IS NOT NULL OR t.handed_run = t.run
              OR (t.executor = :taker AND t.task_key <> ALL (:running)
                  AND (t.run > 1 OR t.updated_at < clock_timestamp() - interval '1 minute')))
         AND t.task_key <> ALL (:aside::bigint[]) AND (:room > 0 OR NOT (%2$s))
       ORDER BY t.task_key LIMIT :rows_max FOR NO KEY UPDATE OF t SKIP LOCKED\
      """
          .formatted(UNFINISHED, HAS_A_RUN_LEFT);

  private static final SqlText FIRST_ORPHAN =
      SqlText.of(
          """
          -- tasks.orphaned: the one whose take-over was refused
          SELECT t.task_key FROM %s
          """
              .formatted(ORPHANS),
          TASKS.TASK_KEY);

  private static final SqlText TAKE_OVER =
      SqlText.of(
          """
          -- tasks.take_over: of the dead, of those who left or handed them on, and ours that we do not run: a start or an end that got lost,
          -- which we learn a minute later, or a take-over of which we never heard, which we see at once.
          -- What has not begun, or may run again, once, is ours from now on, as far as there is room; the rest
          -- has failed. Only for an instance that lives: the one run that is left is not for the dead
          WITH me AS MATERIALIZED (
                 SELECT instance_id FROM trunkline.instances
                  WHERE instance_id = :taker AND dead_at IS NULL AND left_at IS NULL AND lease_until > clock_timestamp()),
               orphan AS MATERIALIZED (
                 SELECT t.task_key, me.instance_id AS taker, %3$s AS again
                   FROM me CROSS JOIN %2$s)
          UPDATE trunkline.tasks t
             SET executor = CASE WHEN o.again THEN o.taker ELSE t.executor END,
                 run = t.run + 1,
                 alone_run = CASE WHEN t.session_id IS NULL THEN t.run + 1 END,
                 status = CASE WHEN o.again THEN 'working' ELSE :status END,
                 status_message = CASE WHEN o.again THEN 'run again: its instance was lost' ELSE :status_message END,
                 outcome = CASE WHEN o.again THEN NULL ELSE :outcome::bytea END,
                 updated_at = clock_timestamp(), changes = t.changes + 1
            FROM orphan o WHERE t.task_key = o.task_key
          RETURNING %1$s, o.again, t.executor, t.run, t.begun, %4$s, t.request, t.recollection, t.rerunnable
          """
              .formatted(
                  TaskRows.columns("t"), ORPHANS, HAS_A_RUN_LEFT, TaskOriginRows.columns("t")),
          TaskRows.with(
              AGAIN,
              TASKS.EXECUTOR,
              TASKS.RUN,
              TASKS.BEGUN,
              TaskOriginRows.SESSION,
              TASKS.PRINCIPAL,
              TASKS.REVISION,
              TASKS.CAPABILITIES,
              TASKS.REQUEST,
              TASKS.RECOLLECTION,
              TASKS.RERUNNABLE));

  private static final SqlText HAND_ON =
      SqlText.of(
          """
          -- tasks.hand_on: their executor lives and will not go on; its word counts for that run alone
          WITH left_here AS MATERIALIZED (
                 SELECT t.task_key FROM trunkline.tasks t
                   JOIN unnest(:tasks::bigint[], :executors::int[], :runs::int[]) l(task_key, executor, run)
                     ON l.task_key = t.task_key AND l.executor = t.executor AND l.run = t.run
                  WHERE t.status IN ('working', 'input_required')
                  ORDER BY t.task_key FOR NO KEY UPDATE OF t)
          UPDATE trunkline.tasks t SET handed_run = t.run FROM left_here l WHERE t.task_key = l.task_key
          """);

  private final Database database;
  private final SetAside aside;

  /// A task whose executor was lost.
  sealed interface Orphan {
    Task task();

    /// Ours from now on.
    record Assigned(AssignedTask assigned) implements Orphan {
      @Override
      public Task task() {
        return assigned.task();
      }
    }

    /// One that must not run again, and has failed.
    record Failed(Task task) implements Orphan {}
  }

  /// @param aside for tasks that cannot be taken over
  OrphanedTaskRows(Database database, SetAside aside) {
    this.database = database;
    this.aside = aside;
  }

  void handOn(Collection<TaskRun> runs) {
    var _ =
        TaskRows.PATIENCE.run(
            database,
            sql ->
                sql.text(HAND_ON)
                    .all("tasks", TASKS.TASK_KEY, runs, TaskRun::task)
                    .all("executors", TASKS.EXECUTOR, runs, TaskRun::executor)
                    .all("runs", TASKS.RUN, runs, TaskRun::attempt)
                    .execute());
  }

  /// Unfinished tasks of dead instances, and those of this one that it does not run: each is ours
  /// from now on, or failed with this ending. Those that may run again stay for others when there
  /// is no room.
  List<Orphan> takeOver(
      InstanceId taker, Collection<TaskKey> running, int room, TaskEnding lost, int rowsMax) {
    return aside.run(
        room > 0 ? Math.min(room, rowsMax) : rowsMax,
        orphan -> orphan.task().key().value(),
        (max, left) ->
            aside.read(
                database.run(sql ->
                    orphaned(sql, TAKE_OVER, taker, running, left)
                        .set("room", room)
                        .set("rows_max", max)
                        .set(TASKS.STATUS, lost.status())
                        .set(TASKS.STATUS_MESSAGE, lost.message())
                        .set(TASKS.OUTCOME, lost.outcome())
                        .rows()),
                OrphanedTaskRows::key,
                OrphanedTaskRows::orphan),
        left ->
            database.run(sql ->
                orphaned(sql, FIRST_ORPHAN, taker, running, left)
                    .set("room", room)
                    .set("rows_max", 1)
                    .optional(OrphanedTaskRows::key)));
  }

  private static BoundText orphaned(
      Sql sql, SqlText text, InstanceId taker, Collection<TaskKey> running, List<Long> aside) {
    return sql.text(text)
        .set("taker", TASKS.EXECUTOR, taker)
        .all("running", TASKS.TASK_KEY, running)
        .all("aside", SQLDataType.BIGINT, aside);
  }

  private static long key(Record row) {
    return row.get(TASKS.TASK_KEY).value();
  }

  private static Orphan orphan(Record row) {
    return row.get(AGAIN)
        ? new Orphan.Assigned(inherited(row))
        : new Orphan.Failed(TaskRows.task(row));
  }

  private static AssignedTask inherited(Record row) {
    return new AssignedTask(
        TaskRows.task(row),
        TaskRows.run(row),
        TaskOriginRows.origin(row),
        row.get(TASKS.REQUEST),
        row.get(TASKS.RECOLLECTION),
        row.get(TASKS.RERUNNABLE),
        row.get(TASKS.BEGUN));
  }
}
