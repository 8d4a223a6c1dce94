package trunkline.protocol;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import trunkline.protocol.listen.ClientTasks;
import trunkline.protocol.run.Services;
import trunkline.session.Principal;
import trunkline.task.DetailedTask;
import trunkline.task.TaskId;
import trunkline.task.TaskKey;

/// A principal's tasks, for a stream that outlives any request.
record ListenedTasks(Services services, Principal principal) implements ClientTasks {
  @Override
  public Map<TaskId, TaskKey> keys(Collection<TaskId> ids) throws InterruptedException {
    return services.patiently(() -> services.tasks().keys(ids, principal));
  }

  /// What is read is held while it is read, and not as long as the stream.
  @Override
  public Optional<DetailedTask> find(TaskId id) {
    var found = new AtomicReference<>(Optional.<DetailedTask>empty());
    try (var held = services.memory().open()) {
      held.run(() -> found.set(services.tasks().detail(id, principal)));
    }
    return found.get();
  }
}
