package trunkline.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.RpcException;
import trunkline.session.Session;
import trunkline.session.SessionKey;
import trunkline.task.AssignedTask;
import trunkline.task.NewTask;
import trunkline.task.Task;
import trunkline.task.TaskId;
import trunkline.task.TaskInputs;
import trunkline.task.TaskRun;
import trunkline.task.TaskWatch;
import trunkline.task.Tasks;
import trunkline.telemetry.ServerEvent;

/// The tasks that this instance executes.
final class RunningTasks {
  private final Tasks tasks;
  private final TaskInputs inputs;
  private final TaskWatch watch;
  private final Method toolCall;
  private final Map<TaskRun, RunningTask> running = new ConcurrentHashMap<>();

  /// @param toolCall runs a tool by the call's parameters
  RunningTasks(Tasks tasks, TaskInputs inputs, TaskWatch watch, Method toolCall) {
    this.tasks = tasks;
    this.inputs = inputs;
    this.watch = watch;
    this.toolCall = toolCall;
  }

  /// Asked once for each task, before it is stored.
  ///
  /// @throws RpcException when this instance runs as many tasks as it may run
  void requireRoom(Layers core) {
    var max = core.policy().callsMax();
    if (running.size() >= max) {
      core.events().emit(new ServerEvent.LimitReached("calls-max"));
      throw RpcException.limitReached(
          "this instance runs " + max + " tasks, the most: try again in a moment",
          "calls-max",
          max);
    }
  }

  /// Stores a task and begins to run it. To be repeated with the same id when the outcome is
  /// unknown.
  ///
  /// @return empty when the session has as many unfinished tasks as it may have
  Optional<Task> start(Layers core, TaskId id, NewTask asked, ObjectNode params) {
    var created = tasks.create(id, asked);
    created
        .filter(started -> started.isToBegin(tasks.executor()))
        .ifPresent(started -> run(core, asked.session(), started, params));
    return created.map(AssignedTask::task);
  }

  /// Begins to run what is stored.
  void run(Layers core, Session session, AssignedTask started, ObjectNode params) {
    var task = new RunningTask(core, session, started, params, toolCall);
    running.put(started.run(), task);
    watch.watch(started.run(), task::cancel);
    task.start();
  }

  void ended(RunningTask task) {
    watch.forget(task.started().run());
    running.remove(task.started().run());
  }

  List<RunningTask> all() {
    return new ArrayList<>(running.values());
  }

  List<RunningTask> of(SessionKey session) {
    return running.values().stream().filter(task -> task.session().key().equals(session)).toList();
  }

  Tasks tasks() {
    return tasks;
  }

  TaskInputs inputs() {
    return inputs;
  }

  TaskWatch watch() {
    return watch;
  }
}
