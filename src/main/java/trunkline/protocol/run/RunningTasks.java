package trunkline.protocol.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.memory.HeldMemory;
import trunkline.memory.JsonWeight;
import trunkline.memory.MemoryShort;
import trunkline.protocol.round.Recollection;
import trunkline.protocol.wire.Revision;
import trunkline.protocol.wire.TaskSpelling;
import trunkline.session.Sender;
import trunkline.session.SessionKey;
import trunkline.signal.Step;
import trunkline.store.DatabaseFailure;
import trunkline.task.AssignedTask;
import trunkline.task.NewTask;
import trunkline.task.Task;
import trunkline.task.TaskId;
import trunkline.task.TaskInputs;
import trunkline.task.TaskKey;
import trunkline.task.TaskOrigin;
import trunkline.task.TaskRun;
import trunkline.task.TaskWatch;
import trunkline.telemetry.ServerEvent;
import trunkline.trace.KeptContext;

/// The tasks that this instance executes, and its own duties for tasks.
public final class RunningTasks {
  /// Of a task whose request is as large as a body may be, with the driver's copy and the tree.
  private static final long TAKEN_BYTES_MAX = 16L << 20;

  private final Services services;
  private final TaskInputs inputs;
  private final TaskWatch watch;
  private final Method toolRun;
  private final Map<TaskRun, RunningTask> running = new ConcurrentHashMap<>();

  /// Ours by now, but not running: the database was away in between.
  private final Queue<AssignedTask> unbegun = new ConcurrentLinkedQueue<>();

  /// Left unfinished, for another instance, which does not know it yet.
  private final Queue<TaskRun> left = new ConcurrentLinkedQueue<>();

  private final OneRound rounds = new OneRound();
  private volatile boolean leaving;

  /// @param toolRun runs a tool by the call's parameters
  RunningTasks(Services services, Method toolRun) {
    this.services = services;
    this.inputs = new TaskInputs(services.tasks(), services.exchanges());
    this.watch = new TaskWatch(services.tasks(), inputs, services.doorbells());
    this.toolRun = toolRun;
    services.tasks().onChange(this::tell);
  }

  /// A courtesy: those who wait for the task read its row.
  private void tell(Task task) {
    var stream = task.notificationStream();
    if (stream == null) {
      return;
    }
    var news = new Message.Notification("notifications/tasks/status", TaskSpelling.json(task));
    try {
      var _ = services.streams().send(stream, Codec.encode(news));
    } catch (MessageTooLarge | MemoryShort e) {
      // the limit is known by its own event, and whoever made the change has more to do
    }
  }

  /// The tasks of the context's principal.
  TaskCalls of(HandlerContext context) {
    return new TaskCalls(services, this, inputs, watch, context);
  }

  /// Tells of each change of these tasks, whichever instance makes it.
  public void listen(Supplier<Map<TaskKey, Runnable>> tasks) {
    watch.listen(tasks);
  }

  /// Asked once for each task, before it is stored.
  ///
  /// @throws RpcException when this instance runs as many tasks as it may run
  void requireRoom() {
    var max = services.policy().callsMax();
    var tasks = running.size() + unbegun.size();
    if (tasks >= max) {
      services.events().emit(new ServerEvent.LimitReached("calls-max"));
      throw RpcException.limitReached(
          "this instance runs " + tasks + " tasks", "calls-max", max, "try again in a moment");
    }
  }

  /// Stores a task and begins to run it. To be repeated with the same id when the outcome is
  /// unknown.
  ///
  /// @param held for the request, from now on by the task if it begins
  /// @return empty when there are as many unfinished tasks of its origin as there may be
  Optional<Task> start(
      TaskId id, Caller caller, Revision revision, NewTask asked, HeldMemory held) {
    var created = services.tasks().create(id, asked);
    created
        .filter(assigned -> assigned.isToBegin(services.tasks().executor()))
        .ifPresent(assigned -> begin(caller, revision, assigned, held, false));
    return created.map(AssignedTask::task);
  }

  /// Begins to run what is stored.
  ///
  /// @param again whether its sender is known from there only
  private void begin(
      Caller caller, Revision revision, AssignedTask assigned, HeldMemory held, boolean again) {
    var params = Codec.objectFrom(new String(assigned.request(), StandardCharsets.UTF_8));
    var former = assigned.recollection();
    var carrier =
        new TaskCarrier(
            services,
            inputs,
            assigned,
            former == null ? Recollection.NONE : Recollection.decoded(former));
    var kept = Sender.takenFrom(params, caller.principal());
    var operation =
        services
            .tracing()
            .task(params.path("name").asString(""), params, KeptContext.takenFrom(params));
    var context =
        new HandlerContext(
            again ? caller.as(kept) : caller, revision, params, services, this, carrier, operation);
    var deed =
        services
            .audit()
            .ofTask(
                context.caller().sender(),
                params,
                assigned.task().key(),
                revision.version(),
                assigned.run().attempt());
    context.caller().session().ifPresent(deed::in);
    var task =
        new RunningTask(
            services,
            context,
            assigned,
            deed,
            () -> toolRun.handle(context, params),
            held.handOver(1),
            this::ended);
    running.put(assigned.run(), task);
    watch.watch(assigned.run(), task::cancel);
    task.start();
  }

  private void ended(RunningTask task) {
    watch.forget(task.assignment());
    if (task.isLeft()) {
      left.add(task.assignment());
    }
    running.remove(task.assignment(), task);
  }

  List<RunningTask> all() {
    return new ArrayList<>(running.values());
  }

  List<RunningTask> of(SessionKey session) {
    return running.values().stream()
        .filter(task ->
            task.context().caller().session().filter(it -> it.key().equals(session)).isPresent())
        .toList();
  }

  /// Checks the tasks that run or are awaited here; called on each wake-up for tasks and on every
  /// poll.
  ///
  /// @return how much had changed
  public int poll() {
    return watch.poll();
  }

  /// Takes over unfinished tasks of lost instances, up to the limit and as many as may run here.
  ///
  /// @return how many tasks were taken over
  public Step takeOver(int max) {
    return leaving ? Step.whole(0) : rounds.run(() -> takeOverAlone(max));
  }

  private Step takeOverAlone(int max) {
    var known = new ArrayList<>(watch.running());
    unbegun.forEach(task -> known.add(task.run().task()));
    var room = Math.max(0, services.policy().callsMax() - running.size() - unbegun.size());
    var atOnce = atOnce(services, max);
    var taken = services.tasks().takeOver(known, room, atOnce);
    unbegun.addAll(taken.assigned());
    resumeAll();
    return Step.upTo(atOnce, taken.orphans());
  }

  /// How many requests of others are read at a time: their bytes are noted when they are here.
  static int atOnce(Services services, int max) {
    return Math.clamp(services.memory().max() / TAKEN_BYTES_MAX, 1, max);
  }

  /// This instance is about to leave, and takes nothing over any more: what is begun now would be
  /// stopped at once, and nothing runs a third time.
  public void leave() {
    leaving = true;
  }

  void stay() {
    leaving = false;
  }

  /// Tells the others which tasks were left unfinished here, of an instance that goes on living.
  /// What fails is told with the next round.
  void handOn() {
    for (var task = leaving ? unbegun.poll() : null; task != null; task = unbegun.poll()) {
      left.add(task.run());
    }
    var runs = new ArrayList<TaskRun>();
    for (var run = left.poll(); run != null; run = left.poll()) {
      runs.add(run);
    }
    if (runs.isEmpty()) {
      return;
    }
    try {
      services.tasks().handOn(runs);
    } catch (RuntimeException e) {
      left.addAll(runs);
      throw e;
    }
  }

  /// Each on its own: one that cannot be resumed now keeps no other from it, and is tried again.
  private void resumeAll() {
    var left = new ArrayList<AssignedTask>();
    RuntimeException failure = null;
    for (var task = unbegun.poll(); task != null && !leaving; task = unbegun.poll()) {
      try {
        resumeOrFail(task);
      } catch (RuntimeException e) {
        left.add(task);
        failure = e;
      }
    }
    unbegun.addAll(left);
    if (failure != null) {
      throw failure;
    }
  }

  /// What cannot be read is not tried again.
  private void resumeOrFail(AssignedTask task) {
    try {
      resume(task);
    } catch (DatabaseFailure e) {
      throw e;
    } catch (RuntimeException e) {
      fail(task, "its instance was lost, and it cannot be run again");
    }
  }

  private void resume(AssignedTask task) {
    switch (task.origin()) {
      case TaskOrigin.InSession origin -> resume(origin, task);
      case TaskOrigin.Alone(var principal, var revision, var capabilities) ->
          beginAgain(
              new Caller.Alone(new Sender(principal), capabilities, null),
              Revision.find(revision).orElseThrow(),
              task);
    }
  }

  private void resume(TaskOrigin.InSession origin, AssignedTask task) {
    services
        .sessions()
        .find(origin.session(), origin.principal())
        .ifPresentOrElse(
            session ->
                beginAgain(
                    new Caller.InSession(session, new Sender(session.principal())),
                    Revision.of(session),
                    task),
            () ->
                fail(
                    task,
                    "its instance was lost and its session has ended, so it cannot run again"));
  }

  private void beginAgain(Caller caller, Revision revision, AssignedTask task) {
    try (var held = services.memory().open()) {
      held.note(weight(task.request(), task.recollection()));
      begin(caller, revision, task, held, true);
    }
  }

  static long weight(byte[] request, byte @Nullable [] recollection) {
    return weight(request) + (recollection == null ? 0 : weight(recollection));
  }

  /// As bytes and as a tree.
  static long weight(byte[] json) {
    return json.length + JsonWeight.ofTree(json);
  }

  private void fail(AssignedTask task, String why) {
    var reason = Codec.object().put("reason", "executor_lost");
    var error = new RpcError(ErrorCode.INTERNAL_ERROR, why, reason);
    services.tasks().fail(task.run(), why, new Response.Failure(null, error));
  }

  /// Removes expired tasks, up to the limit.
  public int sweep(int max) {
    return services.tasks().sweep(max);
  }
}
