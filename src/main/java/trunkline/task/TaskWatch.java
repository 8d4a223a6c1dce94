package trunkline.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import trunkline.signal.Doorbells;
import trunkline.signal.Topic;
import trunkline.signal.Wake;

/// Watches the tasks that this instance runs, which may be cancelled or taken over elsewhere, and
/// those that calls wait for here, which may change elsewhere. One statement for all of them.
public final class TaskWatch {
  private final Tasks tasks;
  private final TaskInputs inputs;
  private final Doorbells doorbells;
  private final Map<TaskRun, Runnable> running = new ConcurrentHashMap<>();
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

  /// A call that waits until a task has changed more often than it has seen.
  private static final class Waiter {
    final TaskKey task;
    final int seen;
    final CompletableFuture<Boolean> changed = new CompletableFuture<>();

    Waiter(Task task) {
      this.task = task.key();
      this.seen = task.changes();
    }
  }

  public TaskWatch(Tasks tasks, TaskInputs inputs, Doorbells doorbells) {
    this.tasks = tasks;
    this.inputs = inputs;
    this.doorbells = doorbells;
  }

  /// Runs `stop` once, from now on, when the task is no longer this run's: cancelled, expired, or
  /// taken over.
  public void watch(TaskRun run, Runnable stop) {
    running.put(run, stop);
  }

  public void forget(TaskRun run) {
    running.remove(run);
  }

  /// The tasks that run here.
  public List<TaskKey> running() {
    return running.keySet().stream().map(TaskRun::task).toList();
  }

  /// Waits until the task is not as it was seen; a task that is gone has changed.
  public void awaitChange(Task seen) throws InterruptedException {
    var waiter = new Waiter(seen);
    waiters.add(waiter);
    try {
      doorbells.ring(
          new Wake(Topic.TASK, seen.key().value())); // it may have changed since it was seen
      waiter.changed.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      waiters.remove(waiter);
    }
  }

  /// Finds what changed; called on each wake-up and on every poll.
  ///
  /// @return how much had
  public int poll() {
    return lookAtTasks() + inputs.poll();
  }

  private int lookAtTasks() {
    var runs = Map.copyOf(running);
    var waiting = new ArrayList<>(waiters);
    var keys = keys(runs.keySet(), waiting);
    if (keys.isEmpty()) {
      return 0;
    }
    var found = 0;
    var standing =
        tasks.standing(keys).stream()
            .collect(Collectors.toMap(each -> each.run().task(), each -> each));
    for (var waiter : waiting) {
      var now = standing.get(waiter.task);
      if ((now == null || now.changes() != waiter.seen) && waiter.changed.complete(true)) {
        found++;
      }
    }
    for (var run : runs.entrySet()) {
      var now = standing.get(run.getKey().task());
      if ((now == null || !now.isOf(run.getKey()))
          && running.remove(run.getKey(), run.getValue())) {
        run.getValue().run();
        found++;
      }
    }
    return found;
  }

  private static Set<TaskKey> keys(Collection<TaskRun> runs, Collection<Waiter> waiting) {
    var keys = new HashSet<TaskKey>();
    runs.forEach(run -> keys.add(run.task()));
    waiting.forEach(waiter -> keys.add(waiter.task));
    return keys;
  }
}
