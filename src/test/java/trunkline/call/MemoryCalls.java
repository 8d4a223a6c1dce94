package trunkline.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.session.CallId;
import trunkline.session.Principal;
import trunkline.session.SessionId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.signal.Wakes;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.MemoryDatabase.Call;
import trunkline.simulation.MemoryDatabase.Statement;
import trunkline.simulation.MemoryDatabase.Stream;
import trunkline.simulation.Quirk;
import trunkline.simulation.Situation;

/// [CallRows] in memory; a cancel wakes nobody.
final class MemoryCalls implements CallStore {
  private static final long UNKNOWN_TO_ITS_WRITER_NANOS = 60_000_000_000L;

  private final MemoryDatabase database;

  MemoryCalls(MemoryDatabase database) {
    this.database = database;
  }

  private record Running<T>(String name, Supplier<T> work) implements Statement<T> {
    @Override
    public T commit() {
      return work.get();
    }
  }

  @Override
  public Opened open(CallStart start, int streamsMax) {
    return database.run(new Running<>("streams.open", () -> opened(start, streamsMax)));
  }

  private Opened opened(CallStart start, int streamsMax) {
    var session = database.sessions().get(start.session().value());
    if ((session == null || session.ended) && !database.has(Quirk.OPEN_WITHOUT_SESSION)) {
      database.note(Situation.S8);
      return new Opened.Gone();
    }
    var ids = start.requests().stream().map(CallStart.Requested::requestId).toList();
    var running =
        database.calls().values().stream()
            .filter(call -> call.session == start.session().value() && !call.finished)
            .toList();
    if (running.stream().filter(call -> call.opening != start.opening()).count() + ids.size()
        > streamsMax) {
      return new Opened.Full();
    }
    if (running.stream().anyMatch(call -> ids.contains(call.requestId))) {
      var ours = running.stream().filter(call -> call.opening == start.opening()).toList();
      return ours.isEmpty()
          ? new Opened.Running()
          : new Opened.Rows(
              new StreamId(ours.getFirst().stream),
              ours.stream().map(call -> new CallId(call.id)).toList());
    }
    var stream = database.open(start.session().value(), false, 1);
    stream.writer = start.instance().value();
    stream.holder = start.instance().value();
    stream.holderEpoch = 1;
    return new Opened.Rows(
        new StreamId(stream.id),
        start.requests().stream().map(request -> begun(start, request, stream)).toList());
  }

  private CallId begun(CallStart start, CallStart.Requested request, Stream stream) {
    var call = new Call();
    call.id = database.nextNumber();
    call.stream = stream.id;
    call.session = stream.session;
    call.requestId = request.requestId();
    call.request = request.request();
    call.principal = start.principal().name();
    call.rerunnable = request.rerunnable();
    call.opening = start.opening();
    database.calls().put(call.id, call);
    return new CallId(call.id);
  }

  @Override
  public Cancelled cancel(SessionKey session, String requestId, String reason) {
    return database.run(
        new Running<>(
            "calls.cancel",
            () -> {
              database.calls().values().stream()
                  .filter(call -> call.session == session.value() && !call.finished)
                  .filter(call -> call.requestId.equals(requestId))
                  .forEach(call -> call.cancelled = reason);
              return new Cancelled(new Wakes(), false);
            }));
  }

  @Override
  public Map<CallId, String> cancelledAmong(List<CallId> calls) {
    return database.run(
        new Running<>(
            "calls.cancelled_among",
            () -> {
              var cancelled = new HashMap<CallId, String>();
              for (var id : calls) {
                var call = database.calls().get(id.value());
                if (call != null && call.cancelled != null) {
                  cancelled.put(id, call.cancelled);
                }
              }
              return cancelled;
            }));
  }

  @Override
  public List<Orphan> takeOver(InstanceId instance, List<StreamId> written, boolean room, int max) {
    return database.run(
        new Running<>(
            "streams.take_over",
            () -> {
              var taken = new ArrayList<Orphan>();
              var me = database.members().get(instance.value());
              if (me == null || me.dead) {
                return taken;
              }
              for (var row : database.streams().values()) {
                if (taken.size() < max && isOrphan(row, instance, written, room)) {
                  taken.add(taken(row, instance));
                }
              }
              return taken;
            }));
  }

  private boolean isOrphan(Stream row, InstanceId instance, List<StreamId> written, boolean room) {
    var writer = row.writer == null ? null : database.members().get(row.writer);
    if (writer == null || row.finished || database.isLocked(row.id)) {
      return false;
    }
    var forgotten =
        writer.id == instance.value()
            && !written.contains(new StreamId(row.id))
            && (row.writerEpoch > 1
                || database.nanos() - row.createdNanos > UNKNOWN_TO_ITS_WRITER_NANOS);
    return (!writer.isPresent() || row.handedEpoch == row.writerEpoch || forgotten)
        && (room || left(row).stream().noneMatch(MemoryCalls::mayRunAgain));
  }

  private List<Call> left(Stream row) {
    return database.calls().values().stream()
        .filter(call -> call.stream == row.id && !call.finished)
        .toList();
  }

  private static boolean mayRunAgain(Call call) {
    return call.rerunnable && call.runs < Orphan.RUNS_MAX;
  }

  private Orphan taken(Stream row, InstanceId instance) {
    row.writer = instance.value();
    if (!database.has(Quirk.TAKE_OVER_WITHOUT_EPOCH)) {
      row.writerEpoch = Math.max(row.writerEpoch, database.writerEpochFloor()) + 1;
    }
    return new Orphan(
        new StreamId(row.id),
        row.writerEpoch,
        new SessionKey(row.session),
        client(row),
        left(row).stream()
            .map(call ->
                new Orphan.Call(
                    new CallId(call.id),
                    call.requestId,
                    new Principal(call.principal),
                    mayRunAgain(call) ? call.request : null,
                    call.runs,
                    call.cancelled != null))
            .toList());
  }

  private @Nullable SessionId client(Stream row) {
    var session = database.sessions().get(row.session);
    return session == null || session.ended ? null : new SessionId(session.id);
  }

  @Override
  public void handOn(List<Left> streams) {
    var _ =
        database.run(
            new Running<>(
                "streams.hand_on",
                () -> {
                  for (var one : streams) {
                    var row = database.stream(one.stream().value());
                    if (row != null && !row.finished && row.writerEpoch == one.epoch()) {
                      row.handedEpoch = row.writerEpoch;
                    }
                  }
                  return true;
                }));
  }

  @Override
  public boolean begin(CallId id, int writerEpoch, int run) {
    return database.run(
        new Running<>(
            "calls.begin",
            () -> {
              var call = database.calls().get(id.value());
              var row = call == null ? null : database.stream(call.stream);
              if (call == null
                  || row == null
                  || row.finished
                  || row.writerEpoch != writerEpoch
                  || call.finished
                  || !(call.runs == run - 1
                      || (call.runs == run && call.runEpoch == writerEpoch))) {
                return false;
              }
              if (!database.has(Quirk.RUNS_UNCOUNTED)) {
                call.runs = run;
                call.runEpoch = writerEpoch;
              }
              return true;
            }));
  }

  @Override
  public Map<String, String> steps(CallId id) {
    return database.run(
        new Running<>(
            "calls.steps",
            () -> {
              var call = database.calls().get(id.value());
              return call == null ? Map.<String, String>of() : Map.copyOf(call.steps);
            }));
  }

  @Override
  public Optional<String> remember(CallId id, int writerEpoch, String name, String outcome) {
    return database.run(
        new Running<>(
            "calls.remember",
            () -> {
              var call = database.calls().get(id.value());
              var row = call == null ? null : database.stream(call.stream);
              if (call == null
                  || row == null
                  || row.finished
                  || row.writerEpoch != writerEpoch
                  || call.finished) {
                return Optional.<String>empty();
              }
              call.steps.putIfAbsent(name, outcome);
              return Optional.ofNullable(call.steps.get(name));
            }));
  }
}
