package trunkline.protocol;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.PassedOn;
import trunkline.exchange.TaskQuestion;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Response;
import trunkline.session.Principal;
import trunkline.task.NewTask;
import trunkline.task.Task;
import trunkline.task.TaskId;
import trunkline.task.TaskPolicy;

/// A call's view of its client's tasks. While the database is away it waits, as the call's own
/// look-ups do.
record CallTasks(Layers core, RunningCall call) implements ClientTasks {
  @Override
  public TaskPolicy policy() {
    return core.tasks().tasks().policy();
  }

  @Override
  public Optional<Task> start(Tool tool, ObjectNode params, Duration ttl)
      throws InterruptedException {
    var id = TaskId.random();
    var request = Codec.text(params).getBytes(StandardCharsets.UTF_8);
    var asked = new NewTask(call.session(), tool.name(), request, tool.retryable(), ttl);
    return patiently(() -> core.tasks().start(core, id, asked, params));
  }

  @Override
  public Optional<Task> find(TaskId id) throws InterruptedException {
    return patiently(() -> core.tasks().tasks().find(id, owner()));
  }

  @Override
  public List<Task> list(long after, int max) throws InterruptedException {
    return patiently(() -> core.tasks().tasks().list(owner(), after, max));
  }

  @Override
  public Optional<Task> cancel(TaskId id) throws InterruptedException {
    return patiently(() -> core.tasks().tasks().cancel(id, owner()));
  }

  @Override
  public Optional<Response> outcome(Task task) throws InterruptedException {
    return patiently(() -> core.tasks().tasks().outcome(task));
  }

  @Override
  public void awaitChange(Task seen) throws InterruptedException {
    core.tasks().watch().awaitChange(seen);
  }

  @Override
  public List<TaskQuestion> questions(Task task) throws InterruptedException {
    return patiently(() -> core.tasks().inputs().open(task));
  }

  @Override
  public Optional<PassedOn> passOn(TaskQuestion question) {
    return call.passOn(question);
  }

  @Override
  public void withdraw(PassedOn question) {
    core.exchanges().withdraw(question);
  }

  private <T> T patiently(Patience.Question<T> question) throws InterruptedException {
    return new Patience(core.policy().databasePatience()).call(question);
  }

  private Principal owner() {
    return call.session().principal();
  }
}
