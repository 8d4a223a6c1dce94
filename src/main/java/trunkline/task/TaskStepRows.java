package trunkline.task;

import static trunkline.task.TasksTable.TASKS;

import java.util.Map;
import java.util.Optional;
import trunkline.store.Database;
import trunkline.store.SqlText;
import trunkline.store.StepColumns;

/// What the handlers of tasks did once, kept in the tasks' rows for their next run.
final class TaskStepRows {
  private static final SqlText REMEMBER =
      SqlText.of(
          """
          -- tasks.remember: a step's outcome, by the latest run alone; the first of a name stays, so it may be repeated
          UPDATE trunkline.tasks t SET %s
           WHERE t.task_key = :task_key AND t.executor = :executor AND t.run = :run AND t.status IN ('working', 'input_required')
          RETURNING %s
          """
              .formatted(StepColumns.added("t"), StepColumns.kept("t")),
          StepColumns.KEPT);

  private final Database database;

  TaskStepRows(Database database) {
    this.database = database;
  }

  /// What former runs of a task remembered, by the steps' names.
  Map<String, String> of(TaskKey task) {
    return database.run(sql ->
        sql.named("tasks.steps: what former runs did once")
            .select(TASKS.STEP_NAMES, TASKS.STEP_OUTCOMES)
            .from(TASKS)
            .where(TASKS.TASK_KEY.eq(task))
            .fetchOptional(row -> StepColumns.read(row.value1(), row.value2()))
            .orElse(Map.of()));
  }

  /// Remembers a step's outcome. To be repeated when the outcome is unknown; runs to its end even
  /// when interrupted.
  ///
  /// @param outcome JSON text
  /// @return what is remembered under the name; empty when the run is not the latest, or the task
  ///   has ended
  Optional<String> remember(TaskRun run, String name, String outcome) {
    return TaskRows.PATIENCE.runToTheEnd(
        database,
        sql ->
            sql.text(REMEMBER)
                .set(TASKS.TASK_KEY, run.task())
                .set(TASKS.EXECUTOR, run.executor())
                .set(TASKS.RUN, run.attempt())
                .set("name", name)
                .set("outcome", outcome)
                .optional(row -> row.get(StepColumns.KEPT)));
  }
}
