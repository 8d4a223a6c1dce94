package trunkline.protocol;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jooq.exception.DataAccessException;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.RelayedQuestion;
import trunkline.exchange.TaskQuestion;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Response;
import trunkline.session.Principal;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.OutagePatience;
import trunkline.task.NewTask;
import trunkline.task.Task;
import trunkline.task.TaskId;
import trunkline.task.TaskKey;
import trunkline.task.TaskPolicy;
import trunkline.task.TaskStatus;
import trunkline.telemetry.ServerEvent;

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
    core.tasks().requireRoom(core);
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
  public List<Task> list(TaskKey after, int max) throws InterruptedException {
    return patiently(() -> core.tasks().tasks().list(owner(), after, max));
  }

  /// A cancel whose answer was lost finds the task cancelled when it is repeated.
  @Override
  public Optional<Task> cancel(TaskId id) throws InterruptedException {
    var lost = new AtomicBoolean();
    var cancelled =
        patiently(() -> {
          try {
            return core.tasks().tasks().cancel(id, owner());
          } catch (DatabaseUnavailable e) {
            lost.set(true);
            throw e;
          }
        });
    return cancelled.isPresent() || !lost.get()
        ? cancelled
        : find(id).filter(task -> task.status() == TaskStatus.CANCELLED);
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
  public Optional<RelayedQuestion> passOn(TaskQuestion question) {
    return call.passOn(question);
  }

  /// What cannot be withdrawn now stays open until its deadline; that must not spoil a result.
  @Override
  public void withdraw(RelayedQuestion question) {
    try {
      core.exchanges().withdraw(question);
    } catch (DatabaseUnavailable | DataAccessException e) {
      var why = "a question was not withdrawn: " + HandlerErrors.place(e);
      core.events()
          .emit(new ServerEvent.CallFailed(call.session().key().value(), call.requestId(), why));
    }
  }

  private <T> T patiently(OutagePatience.Question<T> question) throws InterruptedException {
    return new OutagePatience(core.policy().databasePatience()).call(question);
  }

  private Principal owner() {
    return call.session().principal();
  }
}
