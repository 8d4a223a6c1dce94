package trunkline.protocol.run;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.audit.Deed;
import trunkline.exchange.AskedQuestion;
import trunkline.exchange.TaskQuestion;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.round.InputResponses;
import trunkline.protocol.round.Recollection;
import trunkline.session.Principal;
import trunkline.store.DatabaseUnavailable;
import trunkline.task.DetailedTask;
import trunkline.task.NewTask;
import trunkline.task.Task;
import trunkline.task.TaskId;
import trunkline.task.TaskInputs;
import trunkline.task.TaskKey;
import trunkline.task.TaskOrigin;
import trunkline.task.TaskPolicy;
import trunkline.task.TaskStatus;
import trunkline.task.TaskWatch;

/// The tasks of a request's principal, and what the request can do for them. Others' tasks do not
/// exist here. While the database is away it waits, as the request's reads do.
public final class TaskCalls {
  private final Services services;
  private final RunningTasks running;
  private final TaskInputs inputs;
  private final TaskWatch watch;
  private final HandlerContext context;

  TaskCalls(
      Services services,
      RunningTasks running,
      TaskInputs inputs,
      TaskWatch watch,
      HandlerContext context) {
    this.services = services;
    this.running = running;
    this.inputs = inputs;
    this.watch = watch;
    this.context = context;
  }

  public TaskPolicy policy() {
    return services.tasks().policy();
  }

  /// Runs a tool as a task, which goes on when the request is answered.
  ///
  /// @param params of the call, without what a run does not need
  /// @throws RpcException when there are as many unfinished tasks of this origin as there may be
  public Task start(Tool tool, ObjectNode params, Duration ttl) throws InterruptedException {
    if (context.countsNow()) {
      services.rates().admit(context.principal(), tool.name());
    }
    running.requireRoom();
    var id = TaskId.random();
    var request =
        Codec.text(context.operation().keptIn(context.caller().sender().keptWith(params)))
            .getBytes(StandardCharsets.UTF_8);
    var recollection = context.recollection();
    var asked =
        new NewTask(
            context.caller().origin(context.revision()),
            tool.name(),
            request,
            recollection.equals(Recollection.NONE) ? null : recollection.encoded(),
            tool.retryable(),
            ttl);
    try (var held = services.memory().open()) { // before it is stored: nobody else would run it
      held.take(RunningTasks.weight(request, asked.recollection()));
      return about(
          services
              .patiently(() -> running.start(id, context.caller(), context.revision(), asked, held))
              .orElseThrow(() -> refused(asked.origin())));
    }
  }

  private RpcException refused(TaskOrigin origin) {
    var max = policy().runningMax(origin);
    var who =
        switch (origin) {
          case TaskOrigin.InSession _ -> "the session";
          case TaskOrigin.Alone _ -> "the principal";
        };
    return RpcException.limitReached(
        who + " has " + max + " unfinished tasks",
        TaskPolicy.option(origin),
        max,
        "wait for one, or cancel it");
  }

  public Optional<Task> find(TaskId id) throws InterruptedException {
    return services.patiently(() -> services.tasks().find(id, owner())).map(TaskCalls::about);
  }

  private static Task about(Task task) {
    Deed.here().about(task.key());
    return task;
  }

  /// A task with its outcome and what it waits for.
  public Optional<DetailedTask> detail(TaskId id) throws InterruptedException {
    var found = services.patiently(() -> services.tasks().detail(id, owner()));
    found.ifPresent(detail -> about(detail.task()));
    return found;
  }

  /// Takes the client's answers to what a task waits for; others are ignored.
  ///
  /// @param answers by the questions' names
  /// @throws RpcException when one of them can be no answer
  public void answer(DetailedTask task, ObjectNode answers) throws InterruptedException {
    var wanted = new LinkedHashMap<String, JsonNode>();
    for (var question : task.questions()) {
      if (answers.hasNonNull(question.name())) {
        wanted.put(
            question.name(),
            InputResponses.require(
                question.name(), question.method(), answers.get(question.name())));
      }
    }
    if (!wanted.isEmpty()) {
      services.patiently(() -> {
        inputs.answer(task.task(), wanted);
        return true;
      });
    }
  }

  /// One page, the oldest first.
  public List<Task> list(TaskKey after, int max) throws InterruptedException {
    return services.patiently(() -> services.tasks().list(owner(), after, max));
  }

  /// Cancels it wherever it runs. A cancel whose answer was lost finds the task cancelled when it
  /// is repeated.
  ///
  /// @return empty when it does not run
  public Optional<Task> cancel(TaskId id) throws InterruptedException {
    var lost = new AtomicBoolean();
    var cancelled =
        services.patiently(() -> {
          try {
            return services.tasks().cancel(id, owner());
          } catch (DatabaseUnavailable e) {
            lost.compareAndSet(false, e.isDoubtful());
            throw e;
          }
        });
    return cancelled.isPresent() || !lost.get()
        ? cancelled.map(TaskCalls::about)
        : find(id).filter(task -> task.status() == TaskStatus.CANCELLED);
  }

  /// The task's final response.
  ///
  /// @return empty when it was cancelled
  public Optional<Response> outcome(Task task) throws InterruptedException {
    return services.patiently(() -> services.tasks().outcome(task));
  }

  /// Waits until it has changed.
  public void awaitChange(Task seen) throws InterruptedException {
    watch.awaitChange(seen);
  }

  /// The task's open questions.
  public List<TaskQuestion> questions(Task task) throws InterruptedException {
    return services.patiently(() -> inputs.open(task));
  }

  /// Puts it to the client on this request's stream without waiting.
  ///
  /// @return empty when the session has ended
  public Optional<AskedQuestion> relay(TaskQuestion question) {
    return context.relay(question);
  }

  /// Withdraws a question: now, or when the database is back.
  public void withdraw(AskedQuestion question) {
    services.exchanges().withdraw(question);
  }

  private Principal owner() {
    return context.caller().principal();
  }
}
