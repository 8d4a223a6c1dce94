package trunkline.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.signal.InstanceId;
import trunkline.store.Clockwork;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.stream.Published;
import trunkline.stream.StreamWriter;
import trunkline.stream.Streams;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The streamed calls that dead instances left unfinished. Each is taken over under a new writer
/// epoch, which fences the dead one should it thaw; those that may run again are handed to whoever
/// runs calls here, the others get exactly one final error. If we die in between, the next one
/// takes it over from us; if an answer of the database is lost in between, our own next round does.
public final class OrphanedCalls {
  private final CallStore store;
  private final Streams streams;
  private final Supplier<InstanceId> instance;
  private final EventSink events;
  private final SetAside aside;

  /// @param instance the id of this instance, which changes when it was fenced
  public OrphanedCalls(
      Database database, Streams streams, Supplier<InstanceId> instance, EventSink events) {
    this(aside -> new CallRows(database, aside), streams, instance, events);
  }

  /// @param store given who sets aside what cannot be taken over
  OrphanedCalls(
      Function<SetAside, CallStore> store,
      Streams streams,
      Supplier<InstanceId> instance,
      EventSink events) {
    this.aside = new SetAside("streams", events);
    this.store = store.apply(aside);
    this.streams = streams;
    this.instance = instance;
    this.events = events;
  }

  /// Takes streams over, ends those of which no call may run again, and returns the others, which
  /// are the caller's to run or to end. What a round is ending no other takes: it is written here.
  /// Each on its own: an end that fails is tried again with the next round, and keeps no other from
  /// its own.
  ///
  /// @param room whether calls can be run again here
  public Taken takeOver(boolean room, int max) {
    var orphans = store.takeOver(instance.get(), streams.written(), room, max);
    var ends = new ArrayList<CompletableFuture<Published>>();
    var left = new ArrayList<Orphan>();
    aside.each(
        orphans,
        orphan -> orphan.stream().value(),
        orphan -> {
          events.emit(
              new ServerEvent.CallOrphaned(
                  orphan.session().value(), orphan.stream().value(), orphan.calls().size()));
          if (orphan.mayRunAgain()) {
            left.add(orphan);
          } else {
            end(orphan, ends);
          }
        });
    awaitAll(ends);
    return new Taken(orphans.size(), left);
  }

  /// A round's outcome.
  ///
  /// @param streams how many were taken over
  /// @param left those with calls that may run again
  public record Taken(int streams, List<Orphan> left) {}

  /// Ends all calls of the stream with their errors.
  public void end(Orphan orphan) {
    var ends = new ArrayList<CompletableFuture<Published>>();
    end(orphan, ends);
    awaitAll(ends);
  }

  private static void awaitAll(List<CompletableFuture<Published>> ends) {
    var _ =
        Clockwork.join(
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).handle((_, _) -> true));
    ends.forEach(Database::await);
  }

  private void end(Orphan orphan, List<CompletableFuture<Published>> ends) {
    var writer = writer(orphan);
    var left = orphan.calls();
    if (left.isEmpty()) {
      ends.add(writer.end());
    }
    for (int i = 0; i < left.size(); i++) {
      ends.add(end(writer, left.get(i), i == left.size() - 1));
    }
  }

  private StreamWriter writer(Orphan orphan) {
    return streams.writer(orphan.session(), orphan.stream(), orphan.writerEpoch());
  }

  /// The stream for its calls' next runs, which counts as written here from now on.
  public CallStream resume(Orphan orphan) {
    return new CallStream(
        writer(orphan), null, orphan.calls().stream().map(Orphan.Call::call).toList());
  }

  /// Leaves the streams of these writers to whoever takes them over, though this instance lives.
  public void handOn(List<StreamWriter> writers) {
    store.handOn(
        writers.stream()
            .map(writer -> new CallStore.Left(writer.stream(), writer.epoch()))
            .distinct()
            .toList());
  }

  /// Counts a further run of a call before it begins. To be repeated when the outcome is unknown.
  ///
  /// @return false: it is not ours to run any more
  public boolean begin(Orphan orphan, Orphan.Call call) {
    return store.begin(call.call(), orphan.writerEpoch(), call.runs() + 1);
  }

  private static CompletableFuture<Published> end(
      StreamWriter writer, Orphan.Call call, boolean last) {
    if (call.cancelled()) { // then it gets no response
      return writer.finish(call.call(), last);
    }
    return error(call)
        .map(error -> writer.answer(call.call(), error, last))
        .orElseGet(() -> writer.finish(call.call(), last));
  }

  /// The error of a call that does not run again; empty when its id cannot be read: nobody could be
  /// answered.
  public static Optional<byte[]> error(Orphan.Call call) {
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
