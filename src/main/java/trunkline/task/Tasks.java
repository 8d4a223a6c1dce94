package trunkline.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.memory.HeldMemory;
import trunkline.memory.JsonWeight;
import trunkline.session.Principal;
import trunkline.signal.InstanceId;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.signal.Waker;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SetAside;
import trunkline.task.OrphanedTaskRows.Orphan;
import trunkline.task.TaskRows.TaskState;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Tasks: made on one instance, read, answered, cancelled and fetched on any. The promises are in
/// the package's documentation.
public final class Tasks {
  /// A result must not get lost because an operator holds the task's row.
  private static final LockPatience END_PATIENCE = new LockPatience(Duration.ofMinutes(5));

  private static final String LOST =
      "the instance that ran this task was lost; it may have had effects";

  private final Database database;
  private final TaskRows rows;
  private final OrphanedTaskRows orphans;
  private final TaskDetailRows details;
  private final TaskStepRows steps;
  private final Waker waker;
  private final Supplier<InstanceId> instance;
  private final TaskPolicy policy;
  private final EventSink events;
  private volatile Consumer<Task> changed = _ -> {};

  /// @param instance the id of this instance, which changes when it was fenced
  public Tasks(
      Database database,
      Waker waker,
      Supplier<InstanceId> instance,
      TaskPolicy policy,
      EventSink events) {
    this.database = database;
    this.rows = new TaskRows(database);
    this.orphans = new OrphanedTaskRows(database, new SetAside("tasks", events));
    this.details = new TaskDetailRows(database);
    this.steps = new TaskStepRows(database);
    this.waker = waker;
    this.instance = instance;
    this.policy = policy;
    this.events = events;
  }

  /// Notifies the listener of the changes that this instance makes.
  public void onChange(Consumer<Task> listener) {
    changed = listener;
  }

  public TaskPolicy policy() {
    return policy;
  }

  /// Makes a task that this instance runs. Committed when it returns, so that its client can read
  /// it anywhere. To be repeated with the same id when the outcome is unknown; then it may be
  /// another's by now ([AssignedTask#isToBegin]).
  ///
  /// @return empty when its session, or its principal without one, has as many unfinished tasks as
  ///   it may have
  public Optional<AssignedTask> create(TaskId id, NewTask asked) {
    var executor = instance.get();
    var created = rows.create(id, executor, asked, policy.runningMax(asked.origin()));
    events.emit(
        created
            .<ServerEvent>map(task ->
                new ServerEvent.TaskStarted(
                    task.task().key().value(), asked.tool(), executor.value()))
            .orElseGet(() -> new ServerEvent.LimitReached(TaskPolicy.option(asked.origin()))));
    return created;
  }

  /// What former runs of a task did once, by the steps' names.
  public Map<String, String> steps(Task task) {
    return steps.of(task.key());
  }

  /// Remembers what a step gave, for a next run; runs to its end even when interrupted. To be
  /// repeated when the outcome is unknown.
  ///
  /// @param outcome JSON text
  /// @return what is remembered under the name; empty when the run is not the latest, or the task
  ///   has ended
  public Optional<String> remember(TaskRun run, String name, String outcome) {
    return steps.remember(run, name, outcome);
  }

  /// Counts a run that is about to begin. To be repeated when the outcome is unknown.
  ///
  /// @return false when the run is not the latest, or the task has ended
  public boolean begin(AssignedTask assigned) {
    return rows.begin(assigned);
  }

  /// This instance, as tasks name their executors.
  public InstanceId executor() {
    return instance.get();
  }

  /// The principal's task of this id, as long as it is kept.
  public Optional<Task> find(TaskId id, Principal principal) {
    return rows.find(id, principal);
  }

  /// The keys of those among these that are the principal's.
  public Map<TaskId, TaskKey> keys(Collection<TaskId> ids, Principal principal) {
    return rows.keys(ids, principal);
  }

  /// One page of the principal's tasks, the oldest first.
  ///
  /// @param after the key of the last task of the page before
  public List<Task> list(Principal principal, TaskKey after, int max) {
    return rows.list(principal, after, max);
  }

  /// The principal's task with all that its client may want of it, as of one moment.
  public Optional<DetailedTask> detail(TaskId id, Principal principal) {
    return details.find(id, principal);
  }

  /// Cancels a task wherever it runs: it is cancelled when this returns, and stays so whatever its
  /// handler still does.
  ///
  /// @return empty when it does not run: it has ended, or is unknown
  public Optional<Task> cancel(TaskId id, Principal principal) {
    return notified(rows.cancel(id, principal));
  }

  /// Ends a task with its call's answer.
  ///
  /// @return empty when the run is not the latest, or the task was cancelled
  public Optional<Task> end(TaskRun run, TaskEnding ending) {
    return notified(rows.end(run, ending, END_PATIENCE));
  }

  /// Ends a task that this instance took over and cannot run.
  public void fail(TaskRun run, String message, Response outcome) {
    var ending = TaskEnding.failed(message, outcome);
    notified(rows.end(run, ending, TaskRows.PATIENCE));
  }

  /// The response that the task ended with; empty when it was cancelled.
  public Optional<Response> outcome(Task task) {
    return rows.outcome(task.key()).map(Tasks::response);
  }

  static Response response(byte[] outcome) {
    HeldMemory.here().note(outcome.length + JsonWeight.ofTree(outcome)); // of the call that asks
    if (Codec.decodeOurs(outcome) instanceof Body.Single(Response response)) {
      return response;
    }
    throw new IllegalStateException("an outcome that is no response");
  }

  /// Takes over what lost instances left unfinished. What may not run again has failed then.
  ///
  /// @param running the tasks that this instance runs
  /// @param room how many more it may run
  /// @return what is to be run here
  public TakenOver takeOver(Collection<TaskKey> running, int room, int max) {
    var error =
        new RpcError(ErrorCode.INTERNAL_ERROR, LOST, Codec.object().put("reason", "executor_lost"));
    var lost = TaskEnding.failed(LOST, new Response.Failure(null, error));
    var lostTasks = orphans.takeOver(instance.get(), running, room, lost, max);
    var assigned = new ArrayList<AssignedTask>();
    for (var orphan : lostTasks) {
      var again = orphan instanceof Orphan.Assigned;
      events.emit(new ServerEvent.TaskOrphaned(orphan.task().key().value(), again));
      notified(Optional.of(orphan.task()));
      if (orphan instanceof Orphan.Assigned(var task)) {
        assigned.add(task);
      }
    }
    return new TakenOver(assigned, lostTasks.size());
  }

  /// What was taken over in one step.
  ///
  /// @param assigned those that this instance is to run again
  /// @param orphans how many tasks were looked after, with those that have failed
  public record TakenOver(List<AssignedTask> assigned, int orphans) {}

  /// Leaves runs that are over to whoever takes their tasks over.
  public void handOn(Collection<TaskRun> runs) {
    orphans.handOn(runs);
  }

  /// Removes expired tasks, at most so many.
  public int sweep(int rowsMax) {
    return rows.forget(rowsMax);
  }

  /// Wakes the task's executor and those that wait for it, on any instance.
  Optional<Task> notified(Optional<Task> change) {
    change.ifPresent(task -> {
      waker.wakeAll(new Wake(Topic.TASK, task.key().value()));
      if (task.status().isTerminal()) {
        events.emit(new ServerEvent.TaskEnded(task.key().value(), task.status().wire()));
      }
      changed.accept(task);
    });
    return change;
  }

  /// The tasks' states; those that are gone are left out.
  List<TaskState> standing(Collection<TaskKey> tasks) {
    return rows.standing(tasks);
  }

  Database database() {
    return database;
  }
}
