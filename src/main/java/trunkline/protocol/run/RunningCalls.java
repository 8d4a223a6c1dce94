package trunkline.protocol.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import trunkline.jsonrpc.RpcException;
import trunkline.session.CallId;
import trunkline.session.KeyCounter;
import trunkline.session.SessionKey;
import trunkline.stream.StreamWriter;

/// The calls that this instance executes, keyed by session and by the request's id with its JSON
/// type, so that no two sessions and no `1` and `"1"` are ever confused.
final class RunningCalls {
  private final CallRoom room;
  private final KeyCounter<SessionKey> ofSessions;
  private final Map<Key, RunningCall> calls = new ConcurrentHashMap<>();
  private final Set<RunningCall> unanswered = ConcurrentHashMap.newKeySet();
  private final Queue<StreamWriter> left = new ConcurrentLinkedQueue<>();

  private record Key(SessionKey session, String requestId) {}

  RunningCalls(ProtocolPolicy policy, CallRoom room) {
    this.room = room;
    this.ofSessions = new KeyCounter<>(policy.sessionCallsMax());
  }

  /// Takes a call in, to be removed when it has ended.
  ///
  /// @throws RpcException when the session runs a call of this id here already, or too many
  void add(RunningCall call) {
    var session = call.session().key();
    room.enter();
    if (!ofSessions.add(session)) {
      room.leave();
      throw room.refused(
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
    return room.left();
  }

  private void leave(SessionKey session) {
    ofSessions.remove(session);
    room.leave();
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
