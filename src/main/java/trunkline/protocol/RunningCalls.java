package trunkline.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import trunkline.session.SessionKey;
import trunkline.stream.CallId;

/// The calls that this instance executes, keyed by session and by the request's id with its JSON
/// type, so that no two sessions and no `1` and `"1"` are ever confused.
final class RunningCalls {
  private final Map<Key, RunningCall> calls = new ConcurrentHashMap<>();

  private record Key(SessionKey session, String requestId) {}

  /// False when the session runs a call of this id here already.
  boolean add(RunningCall call) {
    return calls.putIfAbsent(key(call), call) == null;
  }

  void remove(RunningCall call) {
    calls.remove(key(call), call);
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
