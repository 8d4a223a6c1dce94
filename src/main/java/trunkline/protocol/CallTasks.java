package trunkline.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.PassedOn;
import trunkline.exchange.TaskQuestion;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Response;
import trunkline.session.Principal;
import trunkline.task.Task;
import trunkline.task.TaskId;
import trunkline.task.TaskPolicy;

/// A call's view of its client's tasks.
record CallTasks(Layers core, RunningCall call) implements ClientTasks {
  @Override
  public TaskPolicy policy() {
    return core.tasks().tasks().policy();
  }

  @Override
  public Optional<Task> start(Tool tool, ObjectNode params, Duration ttl) {
    return core.tasks().start(core, call.session(), tool, params, ttl);
  }

  @Override
  public Optional<Task> find(TaskId id) {
    return core.tasks().tasks().find(id, owner());
  }

  @Override
  public List<Task> list(long after, int max) {
    return core.tasks().tasks().list(owner(), after, max);
  }

  @Override
  public Optional<Task> cancel(TaskId id) {
    return core.tasks().tasks().cancel(id, owner());
  }

  @Override
  public Optional<Response> outcome(Task task) {
    return core.tasks().tasks().outcome(task);
  }

  @Override
  public void awaitChange(Task seen) throws InterruptedException {
    core.tasks().watch().awaitChange(seen);
  }

  @Override
  public List<TaskQuestion> questions(Task task) {
    return core.tasks().inputs().open(task);
  }

  @Override
  public Optional<PassedOn> passOn(TaskQuestion question) {
    return call.passOn(question);
  }

  @Override
  public void withdraw(PassedOn question) {
    core.exchanges().withdraw(question);
  }

  private Principal owner() {
    return call.session().principal();
  }
}
