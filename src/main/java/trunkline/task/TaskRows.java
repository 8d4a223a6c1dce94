package trunkline.task;

import static java.util.stream.Collectors.joining;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.inline;
import static trunkline.task.TasksTable.TASKS;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import trunkline.session.Principal;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.DatabaseClock;
import trunkline.store.LockPatience;
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

  private static final Field<Boolean> IS_UNFINISHED =
      SqlText.column("unfinished", SQLDataType.BOOLEAN);

  private static final SqlText CREATE =
      SqlText.of(
          """
          -- tasks.create: unless its session, or its principal without one, runs as many as it may; a repetition finds what it created
          INSERT INTO trunkline.tasks AS t
                 (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, begun, ttl_millis, expires_at,
                  revision, capabilities, recollection, alone_run)
          SELECT n.task_id, n.principal, n.session_id, n.stream_id, n.tool, n.request, n.rerunnable, n.executor, 0, n.ttl_millis,
                 clock_timestamp() + n.ttl_millis * interval '1 millisecond', n.revision, n.capabilities, n.recollection,
                 CASE WHEN n.session_id IS NULL THEN 1 END
            FROM (VALUES (:task_id::text, :principal::text, :session_id::text, :stream_id::bigint, :tool::text, :request::bytea,
                         :rerunnable::boolean, :executor::int, :ttl_millis::bigint, :revision::text, :capabilities::bytea, :recollection::bytea))
                   n(task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis, revision, capabilities, recollection)
           WHERE CASE WHEN n.session_id IS NULL
                      THEN (SELECT count(*) FROM trunkline.tasks r
                             WHERE r.principal = n.principal AND r.session_id IS NULL AND r.task_id <> n.task_id AND r.%2$s)
                      ELSE (SELECT count(*) FROM trunkline.tasks r
                             WHERE r.session_id = n.session_id AND r.task_id <> n.task_id AND r.%2$s) END < :running_max
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

  /// An operator may hold a task's row while it is cancelled by SQL.
  static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  /// A task's executor, and whether it runs.
  ///
  /// @param run its latest
  record TaskState(TaskRun run, int changes, boolean unfinished) {
    boolean isOf(TaskRun asked) {
      return unfinished && run.equals(asked);
    }
  }

  TaskRows(Database database) {
    this.database = database;
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
  /// @return empty when there are as many unfinished tasks as there may be
  Optional<AssignedTask> create(TaskId id, InstanceId executor, NewTask asked, int runningMax) {
    return PATIENCE.run(
        database,
        sql ->
            TaskOriginRows.set(sql.text(CREATE), asked.origin())
                .set(TASKS.TASK_ID, id)
                .set(TASKS.TOOL, asked.tool())
                .set(TASKS.REQUEST, asked.request())
                .set(TASKS.RECOLLECTION, asked.recollection())
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
        asked.origin(),
        asked.request(),
        asked.recollection(),
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

  /// The keys of those among these that are the principal's.
  Map<TaskId, TaskKey> keys(Collection<TaskId> ids, Principal principal) {
    return database.run(sql ->
        sql.named("tasks.keys: those that a client wants to hear of")
            .select(TASKS.TASK_ID, TASKS.TASK_KEY)
            .from(TASKS)
            .where(TASKS.TASK_ID.in(ids))
            .and(TASKS.PRINCIPAL.eq(principal.name()))
            .and(isKept())
            .orderBy(TASKS.TASK_KEY)
            .fetchMap(TASKS.TASK_ID, TASKS.TASK_KEY));
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

  /// The tasks' states; those that are gone are left out.
  List<TaskState> standing(Collection<TaskKey> tasks) {
    return database.run(sql ->
        sql.text(STANDING)
            .all("tasks", TASKS.TASK_KEY, tasks)
            .fetch(row -> new TaskState(run(row), row.get(TASKS.CHANGES), row.get(IS_UNFINISHED))));
  }

  /// Removes what has expired.
  int forget(int rowsMax) {
    var heading = "tasks.forget: the expired ones, with what they asked";
    return database.run(sql -> Routines.forgetExpiredTasks(sql.routine(heading), rowsMax));
  }

  private static Condition isKept() {
    return TASKS.EXPIRES_AT.gt(DatabaseClock.now());
  }

  static TaskRun run(Record row) {
    return new TaskRun(row.get(TASKS.TASK_KEY), row.get(TASKS.EXECUTOR), row.get(TASKS.RUN));
  }

  static Task task(Record row) {
    return new Task(
        row.get(TASKS.TASK_KEY),
        row.get(TASKS.TASK_ID),
        TaskOriginRows.notifications(row.get(TASKS.STREAM_ID)),
        row.get(TASKS.STATUS),
        row.get(TASKS.STATUS_MESSAGE),
        row.get(TASKS.CREATED_AT),
        row.get(TASKS.UPDATED_AT),
        Duration.ofMillis(row.get(TASKS.TTL_MILLIS)),
        row.get(TASKS.CHANGES));
  }
}
