package trunkline.task;

import static trunkline.task.TaskInputsTable.TASK_INPUTS;
import static trunkline.task.TasksTable.TASKS;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.exchange.TaskInputId;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// Reads and writes `task_inputs`, and the status of the task that depends on them. A question is
/// settled once, and a later run finds the answers of an earlier one.
final class TaskInputRows {
  private static final Field<Long> PATIENCE_MILLIS =
      SqlText.column("patience_millis", SQLDataType.BIGINT);

  /// A little more than this much of answers is read at a time.
  private static final int ANSWER_BYTES_MAX = 4 << 20;

  private static final SqlText ASK =
      SqlText.of(
          """
          -- task_inputs.ask: a re-run that asks the same finds the answer that its former run got
          WITH mine AS MATERIALIZED (
                 SELECT task_key, run, expires_at FROM trunkline.tasks
                  WHERE task_key = :task_key AND executor = :executor AND run = :run AND %2$s FOR NO KEY UPDATE),
               asked AS (
                 INSERT INTO trunkline.task_inputs AS i (task_key, run, ordinal, name, method, params, digest, deadline)
                 SELECT m.task_key, m.run, :ordinal, :name, :method, :params, :digest,
                        least(m.expires_at, clock_timestamp() + :patience_millis * interval '1 millisecond') FROM mine m
                 ON CONFLICT (task_key, ordinal) DO UPDATE
                    SET run = excluded.run,
                        input_id = CASE WHEN i.digest = excluded.digest THEN i.input_id ELSE excluded.input_id END,
                        answer = CASE WHEN i.digest = excluded.digest THEN i.answer END,
                        outcome = CASE WHEN i.digest = excluded.digest AND i.answer IS NOT NULL THEN i.outcome END,
                        settled_at = CASE WHEN i.digest = excluded.digest AND i.answer IS NOT NULL THEN i.settled_at END,
                        name = CASE WHEN i.digest = excluded.digest THEN i.name ELSE excluded.name || '-' || excluded.run END,
                        method = excluded.method, params = excluded.params, digest = excluded.digest, deadline = excluded.deadline
                 RETURNING input_id, answer, deadline),
               changed AS (
                 UPDATE trunkline.tasks t
                    SET status = 'input_required', status_message = 'waits for the answer to ' || :method,
                        updated_at = clock_timestamp(), changes = t.changes + 1
                   FROM mine m CROSS JOIN asked a WHERE t.task_key = m.task_key AND a.answer IS NULL
                 RETURNING t.*)
          SELECT %1$s,
                 a.input_id, a.answer, (extract(epoch FROM a.deadline - clock_timestamp()) * 1000)::bigint AS patience_millis
            FROM asked a LEFT JOIN changed c ON true
          """
              .formatted(TaskRows.columns("c"), TaskRows.UNFINISHED),
          TaskRows.with(TASK_INPUTS.INPUT_ID, TASK_INPUTS.ANSWER, PATIENCE_MILLIS));

  private static final SqlText SETTLE =
      SqlText.of(
          """
          -- task_inputs.settle: by the task's latest run, once
          SELECT %s
            FROM trunkline.settle_task_input(:task_key, :executor, :run, :input_id, :answer) s
          """
              .formatted(TaskRows.columns("s")),
          TaskRows.with());

  private static final SqlText ANSWER =
      SqlText.of(
          """
          -- task_inputs.answer: by the task's client, whoever runs it; what is not open is ignored, so it may be repeated
          SELECT %s
            FROM trunkline.answer_task_inputs(:task_key, :names, :answers) s
          """
              .formatted(TaskRows.columns("s")),
          TaskRows.with());

  private static final SqlText ANSWERED =
      SqlText.of(
          """
          -- task_inputs.answered: what is waited for here and was answered without a stream, some at a time
          SELECT input_id, answer
            FROM (SELECT i.input_id, i.answer,
                         sum(octet_length(i.answer)) OVER (ORDER BY i.input_id ROWS UNBOUNDED PRECEDING) - octet_length(i.answer) AS bytes_before
                    FROM trunkline.task_inputs i WHERE i.input_id = ANY (:inputs) AND i.outcome = 'answered') s
           WHERE bytes_before < %d
          """
              .formatted(ANSWER_BYTES_MAX),
          TASK_INPUTS.INPUT_ID,
          TASK_INPUTS.ANSWER);

  private static final SqlText OPEN =
      SqlText.of(
          """
          -- task_inputs.open: what the task waits for
          SELECT i.input_id, i.method, i.params, (extract(epoch FROM i.deadline - clock_timestamp()) * 1000)::bigint AS patience_millis
            FROM trunkline.task_inputs i JOIN trunkline.tasks t ON t.task_key = i.task_key AND t.run = i.run
           WHERE i.task_key = :task_key AND i.outcome IS NULL AND i.deadline > clock_timestamp() AND t.status = 'input_required'
           ORDER BY i.ordinal
          """,
          TASK_INPUTS.INPUT_ID,
          TASK_INPUTS.METHOD,
          TASK_INPUTS.PARAMS,
          PATIENCE_MILLIS);

  private final Database database;

  /// A question of a task.
  ///
  /// @param ordinal 1-based, of the task
  /// @param name no other question of the task has it
  /// @param patienceMillis how long it stays open, at most as long as the task is kept
  @SuppressWarnings("ArrayRecordComponent")
  record Input(
      int ordinal, String name, String method, byte[] params, byte[] digest, long patienceMillis) {}

  /// A question that is stored.
  ///
  /// @param answer the client's response, when a former run got one
  /// @param patienceMillis how long it stays open from now
  /// @param changed the task, if this changed it
  @SuppressWarnings("ArrayRecordComponent")
  record Asked(
      TaskInputId input, byte @Nullable [] answer, long patienceMillis, @Nullable Task changed) {}

  /// A question without an answer.
  @SuppressWarnings("ArrayRecordComponent")
  record Open(TaskInputId input, String method, byte[] params, long patienceMillis) {}

  TaskInputRows(Database database) {
    this.database = database;
  }

  /// Asks, or finds again what a former run asked.
  ///
  /// @return empty when the run is not the latest, or the task has ended
  Optional<Asked> ask(TaskRun run, Input input, LockPatience patience) {
    return patience.run(
        database,
        sql ->
            by(run, sql.text(ASK))
                .set(TASK_INPUTS.ORDINAL, input.ordinal())
                .set(TASK_INPUTS.NAME, input.name())
                .set(TASK_INPUTS.METHOD, input.method())
                .set(TASK_INPUTS.PARAMS, input.params())
                .set(TASK_INPUTS.DIGEST, input.digest())
                .set("patience_millis", input.patienceMillis())
                .optional(TaskInputRows::asked));
  }

  private static Asked asked(Record row) {
    return new Asked(
        row.get(TASK_INPUTS.INPUT_ID),
        row.get(TASK_INPUTS.ANSWER),
        row.get(PATIENCE_MILLIS),
        row.get(TASKS.TASK_ID) == null ? null : TaskRows.task(row));
  }

  /// Settles what the run asked, unless it is settled.
  ///
  /// @param answer the client's response; null: no answer came in time
  /// @return empty when nothing changed
  Optional<Task> settle(
      TaskRun run, TaskInputId input, byte @Nullable [] answer, LockPatience patience) {
    return patience.run(database, sql -> settled(sql, run, input, answer));
  }

  /// Settles it without an answer, soon.
  CompletableFuture<Optional<Task>> expire(TaskRun run, TaskInputId input) {
    return database.start(sql -> settled(sql, run, input, null));
  }

  private static Optional<Task> settled(
      Sql sql, TaskRun run, TaskInputId input, byte @Nullable [] answer) {
    return by(run, sql.text(SETTLE))
        .set(TASK_INPUTS.INPUT_ID, input)
        .set(TASK_INPUTS.ANSWER, answer)
        .optional(TaskRows::task);
  }

  private static BoundText by(TaskRun run, BoundText text) {
    return text.set(TASKS.TASK_KEY, run.task())
        .set(TASKS.EXECUTOR, run.executor())
        .set(TASKS.RUN, run.attempt());
  }

  /// A question's name, also of one that was asked by a release without names.
  static String name(String alias) {
    return "coalesce(%1$s.name, 'question-' || %1$s.ordinal)".formatted(alias);
  }

  /// Stores a client's answers to what the task still asks.
  ///
  /// @param answers responses, by the questions' names
  /// @return empty when none of them was wanted
  Optional<Task> answer(TaskKey task, Map<String, byte[]> answers) {
    var given = List.copyOf(answers.entrySet());
    return TaskRows.PATIENCE.run(
        database,
        sql ->
            sql.text(ANSWER)
                .set(TASK_INPUTS.TASK_KEY, task)
                .all("names", TASK_INPUTS.NAME, given, Map.Entry::getKey)
                .all("answers", TASK_INPUTS.ANSWER, given, Map.Entry::getValue)
                .optional(TaskRows::task));
  }

  /// The answers to these that their clients gave by name; not of all when that is much, see
  /// [#isCut].
  Map<TaskInputId, byte[]> answered(Collection<TaskInputId> inputs) {
    var answers = new HashMap<TaskInputId, byte[]>();
    for (var row :
        database.run(
            sql -> sql.text(ANSWERED).all("inputs", TASK_INPUTS.INPUT_ID, inputs).rows())) {
      answers.put(row.get(TASK_INPUTS.INPUT_ID), row.get(TASK_INPUTS.ANSWER));
    }
    return answers;
  }

  /// Whether these are so large that there may be more.
  static boolean isCut(Collection<byte[]> answers) {
    return answers.stream().mapToLong(answer -> answer.length).sum() >= ANSWER_BYTES_MAX;
  }

  /// The task's open questions.
  List<Open> open(TaskKey task) {
    return database.run(sql ->
        sql.text(OPEN)
            .set(TASK_INPUTS.TASK_KEY, task)
            .fetch(row ->
                new Open(
                    row.get(TASK_INPUTS.INPUT_ID),
                    row.get(TASK_INPUTS.METHOD),
                    row.get(TASK_INPUTS.PARAMS),
                    row.get(PATIENCE_MILLIS))));
  }
}
