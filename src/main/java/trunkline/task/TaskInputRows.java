package trunkline.task;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.exchange.TaskInputId;

/// Reads and writes `task_inputs`, and the status of the task that depends on them.
final class TaskInputRows implements TaskInputStore {
  private static final String ASK =
      """
      -- task_inputs.ask: a re-run that asks the same finds the answer that its former run got
      WITH mine AS MATERIALIZED (
             SELECT task_key, run, expires_at FROM trunkline.tasks
              WHERE task_key = ? AND executor = ? AND run = ? AND status IN ('working', 'input_required') FOR NO KEY UPDATE),
           asked AS (
             INSERT INTO trunkline.task_inputs AS i (task_key, run, ordinal, method, params, digest, deadline)
             SELECT m.task_key, m.run, ?, ?, ?, ?, least(m.expires_at, clock_timestamp() + ? * interval '1 millisecond') FROM mine m
             ON CONFLICT (task_key, ordinal) DO UPDATE
                SET run = excluded.run,
                    input_id = CASE WHEN i.digest = excluded.digest THEN i.input_id ELSE excluded.input_id END,
                    answer = CASE WHEN i.digest = excluded.digest THEN i.answer END,
                    outcome = CASE WHEN i.digest = excluded.digest AND i.answer IS NOT NULL THEN i.outcome END,
                    settled_at = CASE WHEN i.digest = excluded.digest AND i.answer IS NOT NULL THEN i.settled_at END,
                    method = excluded.method, params = excluded.params, digest = excluded.digest, deadline = excluded.deadline
             RETURNING input_id, answer, deadline),
           changed AS (
             UPDATE trunkline.tasks t
                SET status = 'input_required', status_message = 'waits for the answer to ' || ?,
                    updated_at = clock_timestamp(), changes = t.changes + 1
               FROM mine m CROSS JOIN asked a WHERE t.task_key = m.task_key AND a.answer IS NULL
             RETURNING t.*)
      SELECT c.task_key, c.task_id, c.stream_id, c.status, c.status_message, c.created_at, c.updated_at, c.ttl_millis, c.changes,
             a.input_id, a.answer, (extract(epoch FROM a.deadline - clock_timestamp()) * 1000)::bigint AS patience_millis
        FROM asked a LEFT JOIN changed c ON true
      """;

  private static final String SETTLE =
      """
      -- task_inputs.settle: by the task's latest run, once
      SELECT task_key, task_id, stream_id, status, status_message, created_at, updated_at, ttl_millis, changes
        FROM trunkline.settle_task_input(?, ?, ?, ?, ?)
      """;

  private static final String OPEN =
      """
      -- task_inputs.open: what the task waits for
      SELECT i.input_id, i.method, i.params, (extract(epoch FROM i.deadline - clock_timestamp()) * 1000)::bigint
        FROM trunkline.task_inputs i JOIN trunkline.tasks t ON t.task_key = i.task_key AND t.run = i.run
       WHERE i.task_key = ? AND i.outcome IS NULL AND i.deadline > clock_timestamp() AND t.status = 'input_required'
       ORDER BY i.ordinal
      """;

  @Override
  public Optional<Asked> ask(Connection connection, TaskRun run, Input input) throws SQLException {
    try (var statement = connection.prepareStatement(ASK)) {
      TaskRows.bind(statement, 1, run);
      statement.setInt(4, input.ordinal());
      statement.setString(5, input.method());
      statement.setBytes(6, input.params());
      statement.setBytes(7, input.digest());
      statement.setLong(8, input.patienceMillis());
      statement.setString(9, input.method());
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new Asked(
                new TaskInputId(rows.getLong("input_id")),
                rows.getBytes("answer"),
                rows.getLong("patience_millis"),
                rows.getString("task_id") == null ? null : TaskRows.task(rows)));
      }
    }
  }

  @Override
  public Optional<Task> settle(
      Connection connection, TaskRun run, TaskInputId input, byte @Nullable [] answer)
      throws SQLException {
    try (var statement = connection.prepareStatement(SETTLE)) {
      TaskRows.bind(statement, 1, run);
      statement.setLong(4, input.value());
      statement.setBytes(5, answer);
      return TaskRows.first(statement);
    }
  }

  @Override
  public List<Open> open(Connection connection, TaskKey task) throws SQLException {
    try (var statement = connection.prepareStatement(OPEN)) {
      statement.setLong(1, task.value());
      var open = new ArrayList<Open>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          open.add(
              new Open(
                  new TaskInputId(rows.getLong(1)),
                  rows.getString(2),
                  rows.getBytes(3),
                  rows.getLong(4)));
        }
      }
      return open;
    }
  }
}
