package trunkline.protocol.listen;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import trunkline.task.DetailedTask;
import trunkline.task.TaskId;
import trunkline.task.TaskKey;

/// The tasks of one client that listens.
public interface ClientTasks {
  /// The keys of those that are there; waits while the database is away.
  Map<TaskId, TaskKey> keys(Collection<TaskId> ids) throws InterruptedException;

  /// How it stands; fails at once when the database is away.
  Optional<DetailedTask> find(TaskId id);
}
