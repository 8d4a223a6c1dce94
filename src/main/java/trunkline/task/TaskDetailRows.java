package trunkline.task;

import static trunkline.task.TaskInputsTable.TASK_INPUTS;
import static trunkline.task.TasksTable.TASKS;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import trunkline.jsonrpc.Codec;
import trunkline.session.Principal;
import trunkline.store.Database;
import trunkline.store.SqlText;

/// Reads a task together with its outcome and its open questions: one statement, so that they fit
/// together.
final class TaskDetailRows {
  private static final SqlText DETAIL =
      SqlText.of(
          """
          -- tasks.detail: with its outcome and what it waits for; another principal's task does not exist, nor an expired one
          SELECT %1$s, t.outcome, %2$s AS name, i.method, i.params
            FROM trunkline.tasks t
            LEFT JOIN trunkline.task_inputs i
                   ON i.task_key = t.task_key AND i.run = t.run AND i.outcome IS NULL AND i.deadline > clock_timestamp()
                  AND t.status = 'input_required'
           WHERE t.task_id = :task_id AND t.principal = :principal AND t.expires_at > clock_timestamp()
           ORDER BY i.ordinal
          """
              .formatted(TaskRows.columns("t"), TaskInputRows.name("i")),
          TaskRows.with(TASKS.OUTCOME, TASK_INPUTS.NAME, TASK_INPUTS.METHOD, TASK_INPUTS.PARAMS));

  private final Database database;

  TaskDetailRows(Database database) {
    this.database = database;
  }

  Optional<DetailedTask> find(TaskId id, Principal principal) {
    var rows =
        database.run(sql ->
            sql.text(DETAIL).set(TASKS.TASK_ID, id).set(TASKS.PRINCIPAL, principal.name()).rows());
    return rows.isEmpty() ? Optional.empty() : Optional.of(detail(rows));
  }

  private static DetailedTask detail(List<Record> rows) {
    var first = rows.getFirst();
    return new DetailedTask(
        TaskRows.task(first),
        Optional.ofNullable(first.get(TASKS.OUTCOME)).map(Tasks::response),
        rows.stream()
            .filter(row -> row.get(TASK_INPUTS.METHOD) != null)
            .map(TaskDetailRows::asked)
            .toList());
  }

  private static DetailedTask.Asked asked(Record row) {
    return new DetailedTask.Asked(
        row.get(TASK_INPUTS.NAME),
        row.get(TASK_INPUTS.METHOD),
        Codec.objectFrom(new String(row.get(TASK_INPUTS.PARAMS), StandardCharsets.UTF_8)));
  }
}
