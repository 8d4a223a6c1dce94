package trunkline.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import trunkline.call.CallStore.Orphan;
import trunkline.call.CallStore.OrphanCall;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.stream.Published;
import trunkline.stream.StreamWriter;
import trunkline.stream.Streams;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The streamed calls that dead instances left unfinished. Each is taken over under a new writer
/// epoch, which fences the dead one should it thaw, and gets exactly one final error. If we die in
/// between, the next one takes it over from us; if an answer of the database is lost in between,
/// our own next round does.
public final class OrphanedCalls {
  private final CallStore store;
  private final Streams streams;
  private final Supplier<InstanceId> instance;
  private final EventSink events;
  private final SetAside aside;

  /// @param instance the id of this instance, which changes when it was fenced
  public OrphanedCalls(
      Database database, Streams streams, Supplier<InstanceId> instance, EventSink events) {
    this(streams, instance, events, new SetAside("streams", events), database);
  }

  private OrphanedCalls(
      Streams streams,
      Supplier<InstanceId> instance,
      EventSink events,
      SetAside aside,
      Database database) {
    this.store = new CallRows(database, aside);
    this.aside = aside;
    this.streams = streams;
    this.instance = instance;
    this.events = events;
  }

  /// What a round is ending no other takes: it is written here. Each on its own: an end that fails
  /// is tried again with the next round, and keeps no other from its own.
  ///
  /// @return how many streams were ended
  public int end(int max) {
    var orphans = store.takeOver(instance.get(), streams.written(), max);
    var ends = new ArrayList<CompletableFuture<Published>>();
    aside.each(orphans, orphan -> orphan.stream().value(), orphan -> end(orphan, ends));
    var _ =
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
            .handle((_, _) -> true)
            .join();
    ends.forEach(Database::await);
    return orphans.size();
  }

  private void end(Orphan orphan, List<CompletableFuture<Published>> ends) {
    var writer = streams.writer(orphan.session(), orphan.stream(), orphan.writerEpoch());
    var left = orphan.calls();
    if (left.isEmpty()) {
      ends.add(writer.end());
    }
    for (int i = 0; i < left.size(); i++) {
      ends.add(end(writer, left.get(i), i == left.size() - 1));
    }
    events.emit(
        new ServerEvent.CallOrphaned(
            orphan.session().value(), orphan.stream().value(), left.size()));
  }

  private static CompletableFuture<Published> end(
      StreamWriter writer, OrphanCall call, boolean last) {
    if (call.cancelled()) { // then it gets no response
      return writer.finish(call.call(), last);
    }
    return error(call)
        .map(error -> writer.answer(call.call(), error, last))
        .orElseGet(() -> writer.finish(call.call(), last));
  }

  /// Empty when its id cannot be read: nobody could be answered.
  private static Optional<byte[]> error(OrphanCall call) {
    var reason = Codec.object();
    reason.put("reason", "executor_lost");
    reason.put("runs", call.runs());
    RequestId id;
    try {
      id = RequestId.decoded(call.requestId());
    } catch (RuntimeException e) {
      return Optional.empty();
    }
    return Optional.of(
        Codec.encode(
            new Response.Failure(
                id,
                new RpcError(
                    ErrorCode.INTERNAL_ERROR,
                    "the instance that ran this call was lost; it may have had effects",
                    reason))));
  }
}
