package trunkline.task;

import static java.util.stream.Collectors.joining;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.inline;
import static trunkline.task.TasksTable.TASKS;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import trunkline.session.Principal;
import trunkline.session.SessionId;
import trunkline.signal.InstanceId;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.DatabaseClock;
import trunkline.store.LockPatience;
import trunkline.store.SetAside;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// Reads and writes `tasks`. A task ends once, and a run that is not its latest writes nothing.
final class TaskRows {
  /// The columns of a [Task].
  static final List<Field<?>> TASK =
      List.of(
          TASKS.TASK_KEY,
          TASKS.TASK_ID,
          TASKS.STREAM_ID,
          TASKS.STATUS,
          TASKS.STATUS_MESSAGE,
          TASKS.CREATED_AT,
          TASKS.UPDATED_AT,
          TASKS.TTL_MILLIS,
          TASKS.CHANGES);

  /// Of a task that has not ended; written out, as the partial index has it.
  static final String UNFINISHED = "status IN ('working', 'input_required')";

  /// Runs that were taken over and have not begun do not count.
  private static final String HAS_A_RUN_LEFT = "t.begun < CASE WHEN t.rerunnable THEN 2 ELSE 1 END";

  private static final Field<Boolean> IS_UNFINISHED =
      SqlText.column("unfinished", SQLDataType.BOOLEAN);
  private static final Field<Boolean> AGAIN = SqlText.column("again", SQLDataType.BOOLEAN);

  private static final SqlText CREATE =
      SqlText.of(
          """
          -- tasks.create: unless the session runs as many as it may; a repetition finds what it created
          INSERT INTO trunkline.tasks AS t
                 (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, begun, ttl_millis, expires_at)
          SELECT n.task_id, n.principal, n.session_id, n.stream_id, n.tool, n.request, n.rerunnable, n.executor, 0, n.ttl_millis,
                 clock_timestamp() + n.ttl_millis * interval '1 millisecond'
            FROM (VALUES (:task_id::text, :principal::text, :session_id::text, :stream_id::bigint, :tool::text, :request::bytea,
                         :rerunnable::boolean, :executor::int, :ttl_millis::bigint))
                   n(task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis)
           WHERE (SELECT count(*) FROM trunkline.tasks r
                   WHERE r.session_id = n.session_id AND r.task_id <> n.task_id
                     AND r.%2$s) < :running_max
          ON CONFLICT (task_id) DO UPDATE SET task_id = excluded.task_id
          RETURNING %1$s, t.executor, t.run, t.begun
          """
              .formatted(columns("t"), UNFINISHED),
          with(TASKS.EXECUTOR, TASKS.RUN, TASKS.BEGUN));

  private static final SqlText STANDING =
      SqlText.of(
          """
          -- tasks.standing: what became of the tasks that are run or waited for here
          SELECT task_key, executor, run, changes, %s AS unfinished
            FROM trunkline.tasks WHERE task_key = ANY (:tasks) AND expires_at > clock_timestamp()
          """
              .formatted(UNFINISHED),
          TASKS.TASK_KEY,
          TASKS.EXECUTOR,
          TASKS.RUN,
          TASKS.CHANGES,
          IS_UNFINISHED);

  /// As text: a garbled one must not take the others with it.
  private static final Field<String> SESSION = SqlText.column("session_id", SQLDataType.CLOB);

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
              OR (t.executor = :taker AND t.updated_at < clock_timestamp() - interval '1 minute' AND t.task_key <> ALL (:running)))
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
          -- tasks.take_over: of the dead, of those who left or handed them on, and ours that we do not run: a start or an end that got lost.
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
                 status = CASE WHEN o.again THEN 'working' ELSE :status END,
                 status_message = CASE WHEN o.again THEN 'run again: its instance was lost' ELSE :status_message END,
                 outcome = CASE WHEN o.again THEN NULL ELSE :outcome::bytea END,
                 updated_at = clock_timestamp(), changes = t.changes + 1
            FROM orphan o WHERE t.task_key = o.task_key
          RETURNING %1$s, o.again, t.executor, t.run, t.begun, t.session_id, t.principal, t.request, t.rerunnable
          """
              .formatted(columns("t"), ORPHANS, HAS_A_RUN_LEFT),
          with(
              AGAIN,
              TASKS.EXECUTOR,
              TASKS.RUN,
              TASKS.BEGUN,
              SESSION,
              TASKS.PRINCIPAL,
              TASKS.REQUEST,
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

  /// An operator may hold a task's row while it is cancelled by SQL.
  static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;
  private final SetAside aside;

  /// A task's executor, and whether it runs.
  ///
  /// @param run its latest
  record TaskState(TaskRun run, int changes, boolean unfinished) {
    boolean isOf(TaskRun asked) {
      return unfinished && run.equals(asked);
    }
  }

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

  TaskRows(Database database) {
    this(database, new SetAside("tasks", _ -> {}));
  }

  /// @param aside for tasks that cannot be taken over
  TaskRows(Database database, SetAside aside) {
    this.database = database;
    this.aside = aside;
  }

  /// The columns of a [Task], as a text names them.
  static String columns(String alias) {
    return TASK.stream().map(column -> alias + "." + column.getName()).collect(joining(", "));
  }

  /// The columns of a [Task] and these.
  static Field<?>[] with(Field<?>... more) {
    return Stream.concat(TASK.stream(), Stream.of(more)).toArray(Field<?>[]::new);
  }

  /// Repeating it with the same id changes nothing, and finds the task's current executor.
  ///
  /// @return empty when the session has as many unfinished tasks as it may have
  Optional<AssignedTask> create(TaskId id, InstanceId executor, NewTask asked, int runningMax) {
    return PATIENCE.run(
        database,
        sql ->
            sql.text(CREATE)
                .set(TASKS.TASK_ID, id)
                .set(TASKS.PRINCIPAL, asked.session().principal().name())
                .set(TASKS.SESSION_ID, asked.session().id())
                .set(TASKS.STREAM_ID, asked.session().standaloneStream())
                .set(TASKS.TOOL, asked.tool())
                .set(TASKS.REQUEST, asked.request())
                .set(TASKS.RERUNNABLE, asked.rerunnable())
                .set(TASKS.EXECUTOR, executor)
                .set(TASKS.TTL_MILLIS, asked.ttl().toMillis())
                .set("running_max", runningMax)
                .optional(row -> created(row, asked)));
  }

  private static AssignedTask created(Record row, NewTask asked) {
    return new AssignedTask(
        task(row),
        run(row),
        asked.session().id(),
        asked.session().principal(),
        asked.request(),
        asked.rerunnable(),
        row.get(TASKS.BEGUN));
  }

  /// Counts a run, once however often it is repeated.
  ///
  /// @return false when the run is not the latest, or the task has ended
  boolean begin(AssignedTask assigned) {
    var run = assigned.run();
    return 1
        == PATIENCE.run(
            database,
            sql ->
                sql.named(
                        "tasks.begin: committed before the handler runs, so that what never began is known")
                    .update(TASKS)
                    .set(TASKS.BEGUN, assigned.begun() + 1)
                    .where(TASKS.TASK_KEY.eq(run.task()))
                    .and(TASKS.EXECUTOR.eq(run.executor()))
                    .and(TASKS.RUN.eq(run.attempt()))
                    .and(condition(UNFINISHED))
                    .and(isKept())
                    .execute());
  }

  Optional<Task> find(TaskId id, Principal principal) {
    return database.run(sql ->
        sql.named("tasks.find: another principal's task does not exist, nor an expired one")
            .select(TASK)
            .from(TASKS)
            .where(TASKS.TASK_ID.eq(id))
            .and(TASKS.PRINCIPAL.eq(principal.name()))
            .and(isKept())
            .fetchOptional(TaskRows::task));
  }

  /// The principal's tasks, oldest first.
  List<Task> list(Principal principal, TaskKey after, int max) {
    return database.run(sql ->
        sql.named("tasks.list: one page of a principal's tasks")
            .select(TASK)
            .from(TASKS)
            .where(TASKS.PRINCIPAL.eq(principal.name()))
            .and(TASKS.TASK_KEY.gt(after))
            .and(isKept())
            .orderBy(TASKS.TASK_KEY)
            .limit(max)
            .fetch(TaskRows::task));
  }

  /// Ends a task that runs, at its client's wish.
  ///
  /// @return empty when it does not run: it has ended, or is unknown
  Optional<Task> cancel(TaskId id, Principal principal) {
    return PATIENCE.run(
        database,
        sql ->
            sql.named("tasks.cancel: guarded by the status, so a task ends once")
                .update(TASKS)
                .set(TASKS.STATUS, TaskStatus.CANCELLED)
                .set(TASKS.STATUS_MESSAGE, inline("cancelled by the client"))
                .set(TASKS.UPDATED_AT, DatabaseClock.now())
                .set(TASKS.CHANGES, TASKS.CHANGES.plus(1))
                .where(TASKS.TASK_ID.eq(id))
                .and(TASKS.PRINCIPAL.eq(principal.name()))
                .and(condition(UNFINISHED))
                .and(isKept())
                .returningResult(TASK)
                .fetchOptional(TaskRows::task));
  }

  /// Ends a task by its latest run.
  ///
  /// @return empty when the run is not the latest, or the task has ended
  Optional<Task> end(TaskRun run, TaskEnding ending, LockPatience patience) {
    return patience.run(
        database,
        sql ->
            sql.named("tasks.end: by its latest run, once")
                .update(TASKS)
                .set(TASKS.STATUS, ending.status())
                .set(TASKS.STATUS_MESSAGE, ending.message())
                .set(TASKS.OUTCOME, ending.outcome())
                .set(TASKS.UPDATED_AT, DatabaseClock.now())
                .set(TASKS.CHANGES, TASKS.CHANGES.plus(1))
                .where(TASKS.TASK_KEY.eq(run.task()))
                .and(TASKS.EXECUTOR.eq(run.executor()))
                .and(TASKS.RUN.eq(run.attempt()))
                .and(condition(UNFINISHED))
                .returningResult(TASK)
                .fetchOptional(TaskRows::task));
  }

  /// The response that it ended with; empty when it was cancelled.
  Optional<byte[]> outcome(TaskKey task) {
    return database.run(sql ->
        sql.named("tasks.outcome: the response, which only tasks/result wants")
            .select(TASKS.OUTCOME)
            .from(TASKS)
            .where(TASKS.TASK_KEY.eq(task))
            .and(TASKS.OUTCOME.isNotNull())
            .fetchOptional(TASKS.OUTCOME));
  }

  void handOn(Collection<TaskRun> runs) {
    var _ =
        PATIENCE.run(
            database,
            sql ->
                sql.text(HAND_ON)
                    .all("tasks", TASKS.TASK_KEY, runs, TaskRun::task)
                    .all("executors", TASKS.EXECUTOR, runs, TaskRun::executor)
                    .all("runs", TASKS.RUN, runs, TaskRun::attempt)
                    .execute());
  }

  /// The tasks' states; those that are gone are left out.
  List<TaskState> standing(Collection<TaskKey> tasks) {
    return database.run(sql ->
        sql.text(STANDING)
            .all("tasks", TASKS.TASK_KEY, tasks)
            .fetch(row -> new TaskState(run(row), row.get(TASKS.CHANGES), row.get(IS_UNFINISHED))));
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
                TaskRows::key,
                TaskRows::orphan),
        left ->
            database.run(sql ->
                orphaned(sql, FIRST_ORPHAN, taker, running, left)
                    .set("room", room)
                    .set("rows_max", 1)
                    .optional(TaskRows::key)));
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
    return row.get(AGAIN) ? new Orphan.Assigned(inherited(row)) : new Orphan.Failed(task(row));
  }

  private static AssignedTask inherited(Record row) {
    return new AssignedTask(
        task(row),
        run(row),
        new SessionId(row.get(SESSION)),
        new Principal(row.get(TASKS.PRINCIPAL)),
        row.get(TASKS.REQUEST),
        row.get(TASKS.RERUNNABLE),
        row.get(TASKS.BEGUN));
  }

  /// Removes what has expired.
  int forget(int rowsMax) {
    var heading = "tasks.forget: the expired ones, with what they asked";
    return database.run(sql -> Routines.forgetExpiredTasks(sql.routine(heading), rowsMax));
  }

  private static Condition isKept() {
    return TASKS.EXPIRES_AT.gt(DatabaseClock.now());
  }

  private static TaskRun run(Record row) {
    return new TaskRun(row.get(TASKS.TASK_KEY), row.get(TASKS.EXECUTOR), row.get(TASKS.RUN));
  }

  static Task task(Record row) {
    return new Task(
        row.get(TASKS.TASK_KEY),
        row.get(TASKS.TASK_ID),
        row.get(TASKS.STREAM_ID),
        row.get(TASKS.STATUS),
        row.get(TASKS.STATUS_MESSAGE),
        row.get(TASKS.CREATED_AT),
        row.get(TASKS.UPDATED_AT),
        Duration.ofMillis(row.get(TASKS.TTL_MILLIS)),
        row.get(TASKS.CHANGES));
  }
}
