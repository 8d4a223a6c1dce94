package trunkline.call;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import trunkline.session.CallId;
import trunkline.session.SessionId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.simulation.DirectWire;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.MemoryDatabase.Client;

/// Calls in the simulation's tables.
final class MemoryCallBench implements CallBench {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final MemoryDatabase database =
      new MemoryDatabase(new DirectWire(), System::nanoTime, Set.of(), _ -> {});
  private final SessionId client = SessionId.random();
  private final Client row = database.open(client.value());

  @Override
  public CallStore store() {
    return new MemoryCalls(database);
  }

  @Override
  public SessionKey session() {
    return new SessionKey(row.key);
  }

  @Override
  public SessionId client() {
    return client;
  }

  @Override
  public void endSession() {
    database.end(row.key);
  }

  @Override
  public InstanceId instance() {
    return new InstanceId(database.enter(MINUTE_NANOS).id);
  }

  @Override
  public void die(InstanceId instance) {
    Objects.requireNonNull(database.members().get(instance.value())).dead = true;
  }

  @Override
  public List<String> requestIds(StreamId stream) {
    return database.calls().values().stream()
        .filter(call -> call.stream == stream.value())
        .map(call -> call.requestId)
        .toList();
  }

  @Override
  public long calls() {
    return database.calls().values().stream().filter(call -> call.session == row.key).count();
  }

  @Override
  public void finishAll() {
    database.calls().values().forEach(call -> call.finished = true);
  }

  @Override
  public InstanceId lastWriter() {
    return new InstanceId(
        database.streams().values().stream()
            .map(stream -> stream.writer)
            .filter(Objects::nonNull)
            .max(Integer::compare)
            .orElseThrow());
  }

  @Override
  public long runs(CallId call) {
    return Objects.requireNonNull(database.calls().get(call.value())).runs;
  }

  @Override
  public void loseTakeOver(StreamId stream, InstanceId former) {
    var row = Objects.requireNonNull(database.stream(stream.value()));
    row.writer = former.value();
    row.writerEpoch--;
    database.raiseBase();
  }

  @Override
  public void close() {}
}
