package trunkline.protocol.run;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import trunkline.audit.Deeds;
import trunkline.call.CallStream;
import trunkline.call.OrphanedCalls;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.memory.HeldMemory;
import trunkline.protocol.wire.Revision;
import trunkline.seal.Seals;
import trunkline.session.Sender;
import trunkline.session.Session;
import trunkline.signal.Step;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.ServerEvent;
import trunkline.trace.Operation;

/// Requests while they are executed: begun here, cancelled from anywhere.
public final class Calls {
  private final Services services;
  private final BiFunction<Session, String, Optional<Method>> methods;
  private final RunningCalls running;
  private final RunningTasks tasks;
  private final Rounds rounds;
  private final Reruns reruns;
  private final CallWatch watch;
  private final AtomicInteger openings = new AtomicInteger();

  /// The outcome of one POST's calls.
  public sealed interface Turn {
    /// All are answered.
    ///
    /// @param error of one call that failed; null for a result, and for a batch
    @SuppressWarnings("ArrayRecordComponent")
    record Answered(byte[] body, @Nullable RpcError error) implements Turn {}

    /// Every call was cancelled: no answer.
    record Silent() implements Turn {}

    record Streaming(CallStream stream) implements Turn {}

    record SessionGone() implements Turn {}
  }

  /// @param seals closes what a client carries from one round of a request to the next
  /// @param orphans what lost instances left unfinished
  /// @param methods finds what answers a request of a session by the request's method
  /// @param toolRun runs a tool by the parameters of its call
  public Calls(
      Services services,
      Seals seals,
      OrphanedCalls orphans,
      BiFunction<Session, String, Optional<Method>> methods,
      Method toolRun) {
    this.services = services;
    this.methods = methods;
    var room = new CallRoom(services.policy().callsMax(), services.events());
    this.running = new RunningCalls(services.policy(), room);
    this.tasks = new RunningTasks(services, toolRun);
    this.rounds = new Rounds(services, seals, tasks, room);
    this.reruns = new Reruns(services, orphans, methods, running, tasks);
    this.watch = new CallWatch(running, tasks, services.sessions(), services.streamedCalls());
    watch.listen(services.announcements());
  }

  /// The calls that go on as tasks.
  public RunningTasks tasks() {
    return tasks;
  }

  /// The requests that have no session.
  public Rounds rounds() {
    return rounds;
  }

  /// Begins the calls of one POST and waits until the outcome is known.
  ///
  /// @param batch whether they are answered as a batch; their ids differ
  public Turn run(Session session, Sender sender, List<Message.Request> requests, boolean batch)
      throws InterruptedException {
    var caller = new Caller.InSession(session, sender);
    var revision = Revision.of(session);
    var group =
        new CallGroup(
            requests.size(),
            batch,
            new CallOpening(
                services,
                caller,
                requests,
                request -> isRerunnable(session, request),
                openings.incrementAndGet()),
            why -> postponed(session, requests.getFirst(), why));
    var asked = HeldMemory.here().handOver(requests.size());
    requests.forEach(_ -> services.begun(revision));
    for (int index = 0; index < requests.size(); index++) {
      begin(caller, revision, requests.get(index), new CallGroup.Place(group, index, asked));
    }
    return group.await(services.policy().upgradeAfter());
  }

  private void begin(
      Caller.InSession caller, Revision revision, Message.Request request, CallGroup.Place place) {
    var method = method(caller.living(), request);
    var runs = new Runs(false, method.isRetryable(request.params()));
    var carrier = new CallCarrier(services, place, request.id().encoded(), runs);
    var operation = Operation.taken(request);
    var context =
        new HandlerContext(caller, revision, request.params(), services, tasks, carrier, operation);
    var deed = Deeds.take(request.id());
    var attempt = Attempt.first(runs);
    var call = new RunningCall(services, context, request, method, place, attempt, deed, running);
    try {
      Progress.requireUsable(request.params());
      method.admit(context, request.params());
      running.add(call);
    } catch (RpcException e) {
      place.asked().close();
      call.refuse(e);
      operation.end(e.answering(request.id()));
      return;
    }
    call.start();
  }

  private Method method(Session session, Message.Request request) {
    return methods
        .apply(session, request.method())
        .orElse((_, _) -> {
          throw RpcException.methodNotFound(request.method());
        });
  }

  private boolean isRerunnable(Session session, Message.Request request) {
    return methods
        .apply(session, request.method())
        .filter(method -> method.isRetryable(request.params()))
        .isPresent();
  }

  /// An outage and a limit are known by other events.
  private void postponed(Session session, Message.Request request, RuntimeException why) {
    if (!(why instanceof RpcException
        || why instanceof DatabaseUnavailable
        || why instanceof DatabaseBusy)) {
      services
          .events()
          .emit(
              new ServerEvent.CallNotStreamed(
                  session.key().value(), request.id().encoded(), ServerEvent.place(why)));
    }
  }

  /// Cancels a call of the session, on whichever instance it runs.
  public void cancel(Session session, RequestId request, String reason)
      throws InterruptedException {
    var local = running.find(session.key(), request.encoded());
    if (local.isPresent()) {
      local.get().cancel(reason);
    } else {
      services.patiently(() -> {
        services.streamedCalls().cancel(session.key(), request.encoded(), reason);
        return true;
      });
    }
  }

  /// Forgets the session's roots, which its client has changed.
  public void rootsChanged(Session session) throws InterruptedException {
    services.patiently(() -> {
      new RootsCache(session, services.sessions()).forget();
      return true;
    });
  }

  /// Cancels the calls whose rows say so; called on each wake-up for calls and on every poll.
  ///
  /// @return how many
  public int poll() {
    return watch.poll();
  }

  /// Takes over unfinished streamed calls of lost instances, up to the limit: runs again what may
  /// be run again, and ends the others.
  public Step takeOver(int max) {
    return reruns.takeOver(max);
  }

  /// This instance is drained or about to leave, and runs nothing of others' any more.
  public void leave() {
    reruns.leave();
    tasks.leave();
  }

  /// Takes [#leave()] back.
  public void stay() {
    reruns.stay();
    tasks.stay();
  }

  /// Tells the others what was left to them here. Without it they wait until this instance has
  /// left; it may be repeated.
  public void handOn() {
    reruns.handOn();
    tasks.handOn();
  }

  /// The server stops what began before: what may run again is left to another instance, every
  /// other client gets an error.
  ///
  /// @param beforeNanos by the clock of [System#nanoTime()]
  public void stopAll(long beforeNanos) {
    running.all().stream().filter(call -> call.isOlder(beforeNanos)).forEach(RunningCall::stop);
    rounds.all().stream().filter(it -> it.isOlder(beforeNanos)).forEach(RunningRound::stop);
    tasks.all().stream()
        .filter(task -> task.isOlder(beforeNanos))
        .forEach(task -> task.stop("the server is stopping"));
  }

  /// This instance is fenced, or cannot trust its lease: handlers stop. Whether their last word
  /// still counts is decided by the writer's epoch.
  public void abandonAll() {
    running.all().forEach(RunningCall::abandon);
    tasks.all().forEach(task -> task.stop("its instance lost touch with the others"));
  }

  /// Ends those that did not stop when they were told to: each client gets its error.
  public void giveUpAll(long beforeNanos) {
    running.unanswered().stream()
        .filter(call -> call.isOlder(beforeNanos))
        .forEach(call -> Thread.startVirtualThread(call::giveUp));
    rounds.all().stream().filter(it -> it.isOlder(beforeNanos)).forEach(RunningRound::giveUp);
  }

  /// The calls that began before and whose answer is not stored or handed over yet, and the tasks
  /// that run here since before.
  public int unanswered(long beforeNanos) {
    var calls = running.unanswered().stream().filter(call -> call.isOlder(beforeNanos)).count();
    var alone = rounds.all().stream().filter(it -> it.isOlder(beforeNanos)).count();
    return Math.toIntExact(
        calls + alone + tasks.all().stream().filter(task -> task.isOlder(beforeNanos)).count());
  }

  /// The calls that run here, tasks included.
  public int count() {
    return running.all().size() + rounds.all().size() + tasks.all().size();
  }
}
