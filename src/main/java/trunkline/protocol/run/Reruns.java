package trunkline.protocol.run;

import java.util.Optional;
import java.util.function.BiFunction;
import trunkline.audit.Deed;
import trunkline.audit.Ending;
import trunkline.call.Orphan;
import trunkline.call.OrphanedCalls;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.wire.Revision;
import trunkline.session.Sender;
import trunkline.session.Session;
import trunkline.signal.Step;
import trunkline.trace.KeptContext;
import trunkline.trace.Target;

/// Streamed calls that lost or leaving instances left unfinished, and that may run again: their
/// next run is here, on the same stream. What cannot be run gets its error.
final class Reruns {
  private final Services services;
  private final OrphanedCalls orphans;
  private final BiFunction<Session, String, Optional<Method>> methods;
  private final RunningCalls running;
  private final RunningTasks tasks;
  private final OneRound rounds = new OneRound();
  private volatile boolean leaving;

  /// @param methods finds what answers a request of a session by the request's method
  Reruns(
      Services services,
      OrphanedCalls orphans,
      BiFunction<Session, String, Optional<Method>> methods,
      RunningCalls running,
      RunningTasks tasks) {
    this.services = services;
    this.orphans = orphans;
    this.methods = methods;
    this.running = running;
    this.tasks = tasks;
  }

  /// Begins nothing any more: it would be stopped at once, and nothing runs a third time.
  void leave() {
    leaving = true;
  }

  void stay() {
    leaving = false;
  }

  /// Tells the others which streams were left unfinished here, of an instance that goes on living.
  /// What fails is told with the next round.
  void handOn() {
    var left = running.takeLeft();
    if (left.isEmpty()) {
      return;
    }
    try {
      orphans.handOn(left);
    } catch (RuntimeException e) {
      left.forEach(running::left);
      throw e;
    }
  }

  /// Takes over at most so many streams, and as many as may run here.
  Step takeOver(int max) {
    return rounds.run(() -> takeOverAlone(max));
  }

  private Step takeOverAlone(int max) {
    var room = leaving ? 0 : running.room();
    var atMost = Math.min(room > 0 ? Math.min(room, max) : max, RunningTasks.atOnce(services, max));
    var taken = orphans.takeOver(room > 0, atMost);
    RuntimeException failure = null;
    for (var orphan : taken.left()) { // each on its own
      try {
        run(orphan);
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return Step.upTo(atMost, taken.streams());
  }

  /// Where the session cannot be read, nothing is written here, and the next round finds the stream
  /// again.
  private void run(Orphan orphan) {
    var client = orphan.client();
    var session =
        client == null
            ? Optional.<Session>empty()
            : services.sessions().find(client, orphan.calls().getFirst().principal());
    if (session.isEmpty()) {
      orphans.end(orphan);
      return;
    }
    var stream = orphans.resume(orphan);
    var group = new CallGroup(stream);
    try (var held = services.memory().open()) {
      held.note(weight(orphan));
      var asked = held.handOver(orphan.calls().size());
      for (int index = 0; index < orphan.calls().size(); index++) {
        var place = new CallGroup.Place(group, index, asked);
        run(session.get(), orphan, orphan.calls().get(index), place);
      }
    }
  }

  private static long weight(Orphan orphan) {
    return orphan.calls().stream()
        .mapToLong(call -> call.request() == null ? 0 : RunningTasks.weight(call.request()))
        .sum();
  }

  private void run(Session session, Orphan orphan, Orphan.Call call, CallGroup.Place place) {
    if (call.cancelled()) {
      place.asked().close();
      end(place::leave);
      return;
    }
    var request = call.toRunAgain();
    var method =
        request
            .flatMap(it -> methods.apply(session, it.method()))
            .filter(it -> it.isRetryable(request.get().params())); // by what this instance knows
    if (method.isEmpty() || !begin(session, orphan, call, request.get(), method.get(), place)) {
      place.asked().close();
      request.ifPresent(it -> {
        var _ = deed(session, new Sender(call.principal()), it, call).end(Ending.LOST);
      });
      OrphanedCalls.error(call)
          .ifPresentOrElse(error -> end(() -> place.answer(error, null)), () -> end(place::leave));
    }
  }

  private boolean begin(
      Session session,
      Orphan orphan,
      Orphan.Call call,
      Message.Request request,
      Method method,
      CallGroup.Place place) {
    var runs = new Runs(true, call.runs() + 1 < Orphan.RUNS_MAX);
    var carrier = new CallCarrier(services, place, request.id().encoded(), runs);
    var sender = Sender.takenFrom(request.params(), session.principal());
    var operation =
        services
            .tracing()
            .again(target(request), request.params(), KeptContext.takenFrom(request.params()));
    var context =
        new HandlerContext(
            new Caller.InSession(session, sender),
            Revision.of(session),
            request.params(),
            services,
            tasks,
            carrier,
            operation);
    var attempt =
        new Attempt(
            () -> {
              context.resumeProgress(orphan.stream());
              return orphans.begin(orphan, call);
            },
            runs);
    var deed = deed(session, sender, request, call);
    var run = new RunningCall(services, context, request, method, place, attempt, deed, running);
    try {
      running.add(run);
    } catch (RpcException e) {
      operation.end(e.answering(request.id()));
      return false;
    }
    operation.isRerun();
    run.start();
    return true;
  }

  private Deed deed(Session session, Sender sender, Message.Request request, Orphan.Call call) {
    var deed = services.audit().again(sender, request, call.runs() + 1);
    deed.in(session);
    return deed;
  }

  /// What runs again was known when it ran first.
  private static Target target(Message.Request request) {
    var name = request.params().path("name").asString("");
    return switch (request.method()) {
      case "tools/call" -> Target.tool(request.method(), name);
      case "prompts/get" -> Target.prompt(request.method(), name);
      default -> Target.of(request.method());
    };
  }

  /// Storing an end may take as long as an outage, and nobody waits for it here.
  private static void end(Runnable end) {
    Thread.ofVirtual().name("call-end").start(end);
  }
}
