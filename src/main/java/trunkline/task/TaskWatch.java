package trunkline.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import trunkline.signal.Doorbells;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.task.TaskRows.TaskState;

/// Watches the tasks that this instance runs, which may be cancelled or taken over elsewhere, and
/// those that calls wait for here or clients listen to, which may change elsewhere. One statement
/// for all of them.
public final class TaskWatch {
  /// It has ended, or is gone: it will not change any more.
  private static final int LAST = -1;

  private final Tasks tasks;
  private final TaskInputs inputs;
  private final Doorbells doorbells;
  private final Map<TaskRun, Runnable> running = new ConcurrentHashMap<>();
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private final Map<TaskKey, Integer> told = new ConcurrentHashMap<>();
  private volatile Supplier<Map<TaskKey, Runnable>> listened = Map::of;

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

  /// Tells of each change of these from now on, and once that there is something to look at.
  public void listen(Supplier<Map<TaskKey, Runnable>> tasks) {
    listened = tasks;
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
    var listening = listening();
    keys.addAll(listening.keySet());
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
    for (var each : listening.entrySet()) {
      var now = standing.get(each.getKey());
      if (hasNews(each.getKey(), now)) {
        each.getValue().run();
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

  /// Without those whose last word was told.
  private Map<TaskKey, Runnable> listening() {
    var listening = new HashMap<>(listened.get());
    told.keySet().retainAll(listening.keySet());
    listening.keySet().removeIf(key -> told.getOrDefault(key, 0) == LAST);
    return listening;
  }

  private boolean hasNews(TaskKey key, @Nullable TaskState now) {
    var changes = now == null || !now.unfinished() ? LAST : now.changes();
    return !Objects.equals(told.put(key, changes), changes);
  }

  private static Set<TaskKey> keys(Collection<TaskRun> runs, Collection<Waiter> waiting) {
    var keys = new HashSet<TaskKey>();
    runs.forEach(run -> keys.add(run.task()));
    waiting.forEach(waiter -> keys.add(waiter.task));
    return keys;
  }
}
