package trunkline.protocol.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import trunkline.jsonrpc.RpcException;
import trunkline.session.CallId;
import trunkline.session.SessionCounter;
import trunkline.session.SessionKey;
import trunkline.stream.StreamWriter;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The calls that this instance executes, keyed by session and by the request's id with its JSON
/// type, so that no two sessions and no `1` and `"1"` are ever confused.
final class RunningCalls {
  private final int max;
  private final EventSink events;
  private final SessionCounter ofSessions;
  private final AtomicInteger running = new AtomicInteger();
  private final Map<Key, RunningCall> calls = new ConcurrentHashMap<>();
  private final Set<RunningCall> unanswered = ConcurrentHashMap.newKeySet();
  private final Queue<StreamWriter> left = new ConcurrentLinkedQueue<>();

  private record Key(SessionKey session, String requestId) {}

  RunningCalls(ProtocolPolicy policy, EventSink events) {
    this.events = events;
    this.max = policy.callsMax();
    this.ofSessions = new SessionCounter(policy.sessionCallsMax());
  }

  /// Takes a call in, to be removed when it has ended.
  ///
  /// A limit is reported in a JSON-RPC error, not in an HTTP status: clients take a failed POST for
  /// a broken connection, or for the end of their session.
  ///
  /// @throws RpcException when the session runs a call of this id here already, or too many
  void add(RunningCall call) {
    var session = call.session().key();
    if (running.incrementAndGet() > max) {
      running.decrementAndGet();
      throw refused(
          "this instance runs " + max + " calls", "calls-max", max, "try again in a moment");
    }
    if (!ofSessions.add(session)) {
      running.decrementAndGet();
      throw refused(
          "the session runs " + ofSessions.max() + " calls on this instance",
          "session-calls-max",
          ofSessions.max(),
          "wait for an answer, or cancel one");
    }
    if (calls.putIfAbsent(key(call), call) != null) {
      leave(session);
      throw RpcException.invalidRequest(
          "the session is running a request with the id " + call.requestId());
    }
    unanswered.add(call);
  }

  /// How many more may be taken in.
  int room() {
    return Math.max(0, max - running.get());
  }

  private RpcException refused(String reached, String limit, int max, String advice) {
    events.emit(new ServerEvent.LimitReached(limit));
    return RpcException.limitReached(reached, limit, max, advice);
  }

  private void leave(SessionKey session) {
    ofSessions.remove(session);
    running.decrementAndGet();
  }

  void remove(RunningCall call) {
    if (calls.remove(key(call), call)) {
      leave(call.session().key());
    }
  }

  /// The last step of a call: its answer is stored, or handed to its connection.
  void answered(RunningCall call) {
    unanswered.remove(call);
  }

  /// A call was left unfinished by its writer here, for another instance to go on.
  void left(StreamWriter writer) {
    left.add(writer);
  }

  /// What was left and of which nobody is told yet; the caller tells, or gives it back.
  List<StreamWriter> takeLeft() {
    var taken = new ArrayList<StreamWriter>();
    for (var next = left.poll(); next != null; next = left.poll()) {
      taken.add(next);
    }
    return taken;
  }

  /// Those that run, and those that have ended but whose answer is still under way.
  List<RunningCall> unanswered() {
    return new ArrayList<>(unanswered);
  }

  private static Key key(RunningCall call) {
    return new Key(call.session().key(), call.requestId());
  }

  Optional<RunningCall> find(SessionKey session, String requestId) {
    return Optional.ofNullable(calls.get(new Key(session, requestId)));
  }

  List<RunningCall> of(SessionKey session) {
    return calls.values().stream().filter(call -> call.session().key().equals(session)).toList();
  }

  List<RunningCall> all() {
    return new ArrayList<>(calls.values());
  }

  /// The rows of those that are streams.
  List<CallId> rows() {
    return calls.values().stream().flatMap(call -> call.row().stream()).toList();
  }

  Optional<RunningCall> find(CallId row) {
    return calls.values().stream()
        .filter(call -> call.row().filter(row::equals).isPresent())
        .findFirst();
  }
}
