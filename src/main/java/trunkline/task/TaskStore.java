package trunkline.task;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import trunkline.session.Principal;
import trunkline.signal.InstanceId;

/// What tasks need of the database. Its one product implementation is [TaskRows]; any
/// implementation lets a task end once, and refuses a run that is not the task's latest.
interface TaskStore {

  /// Repeating it with the same id changes nothing, and finds whose the task is by now.
  ///
  /// @return empty when the session has as many unfinished tasks as it may have
  Optional<AssignedTask> create(
      Connection connection, TaskId id, InstanceId executor, NewTask asked, int runningMax)
      throws SQLException;

  Optional<Task> find(Connection connection, TaskId id, Principal principal) throws SQLException;

  /// The principal's, the oldest first.
  List<Task> list(Connection connection, Principal principal, TaskKey after, int max)
      throws SQLException;

  /// Ends a task that runs, at its client's wish.
  ///
  /// @return empty when it does not run: it has ended, or is unknown
  Optional<Task> cancel(Connection connection, TaskId id, Principal principal) throws SQLException;

  /// Ends a task by its latest run.
  ///
  /// @return empty when the run is not the latest, or the task has ended
  Optional<Task> end(Connection connection, TaskRun run, TaskEnding ending) throws SQLException;

  /// The response that it ended with; empty when it was cancelled.
  Optional<byte[]> outcome(Connection connection, TaskKey task) throws SQLException;

  /// How the tasks stand; those that are gone are left out.
  List<TaskState> standing(Connection connection, Collection<TaskKey> tasks) throws SQLException;

  /// Unfinished tasks of dead instances, and those of this one that it does not run: each is ours
  /// from now on, or failed with this ending.
  List<Orphan> takeOver(
      Connection connection,
      InstanceId instance,
      Collection<TaskKey> running,
      TaskEnding lost,
      int max)
      throws SQLException;

  /// Removes what has expired.
  int forget(Connection connection, int max) throws SQLException;

  /// Whose a task is, and whether it runs.
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
}
