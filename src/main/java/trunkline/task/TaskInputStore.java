package trunkline.task;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.exchange.TaskInputId;

/// What the questions of tasks need of the database. Its one product implementation is
/// [TaskInputRows]; any implementation settles a question once, and lets a later run find what an
/// earlier one was answered.
interface TaskInputStore {

  /// Asks, or finds again what a former run asked.
  ///
  /// @return empty when the run is not the latest, or the task has ended
  Optional<Asked> ask(Connection connection, TaskRun run, Input input) throws SQLException;

  /// Settles what the run asked, unless it is settled.
  ///
  /// @param answer the client's response; null: nobody answered in time
  /// @return empty when nothing changed
  Optional<Task> settle(
      Connection connection, TaskRun run, TaskInputId input, byte @Nullable [] answer)
      throws SQLException;

  /// What the task waits for.
  List<Open> open(Connection connection, TaskKey task) throws SQLException;

  /// A question of a task.
  ///
  /// @param ordinal 1-based, of the task
  /// @param patienceMillis how long it stays open, at most as long as the task is kept
  record Input(int ordinal, String method, byte[] params, byte[] digest, long patienceMillis) {}

  /// A question that is stored.
  ///
  /// @param answer the client's response, when a former run got one
  /// @param patienceMillis how long it stays open from now
  /// @param changed the task, if this changed it
  record Asked(
      TaskInputId input, byte @Nullable [] answer, long patienceMillis, @Nullable Task changed) {}

  /// A question without an answer.
  record Open(TaskInputId input, String method, byte[] params, long patienceMillis) {}
}
