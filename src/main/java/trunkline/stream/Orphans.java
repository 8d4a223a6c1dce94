package trunkline.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.stream.CallStore.Orphan;
import trunkline.stream.CallStore.OrphanCall;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The streamed calls that dead instances left unfinished. Each is taken over under a new writer
/// epoch, which fences the dead one should it thaw, and gets exactly one final error. If we die in
/// between, the next one takes it over from us; if an answer of the database is lost in between,
/// our own next round does.
final class Orphans {
  private final Database database;
  private final StreamStore store;
  private final CallStore calls;
  private final Publisher publisher;
  private final Supplier<InstanceId> instance;
  private final EventSink events;

  Orphans(Streams.Below below, StreamStore store, CallStore calls, Publisher publisher) {
    this.database = below.database();
    this.store = store;
    this.calls = calls;
    this.publisher = publisher;
    this.instance = below.instance();
    this.events = below.events();
  }

  /// One round at a time: what a round took is ended before the next one looks.
  synchronized int end(int max) {
    var written = publisher.written();
    var orphans = database.call(c -> calls.takeOver(c, instance.get(), written, max));
    var ends = new ArrayList<CompletableFuture<Published>>();
    orphans.forEach(orphan -> end(orphan, ends));
    ends.forEach(Database::await);
    return orphans.size();
  }

  private void end(Orphan orphan, List<CompletableFuture<Published>> ends) {
    var left = orphan.calls();
    if (left.isEmpty()) {
      ends.add(
          publisher.publish(
              new Outgoing(orphan.stream(), orphan.writerEpoch(), null, true, null, null)));
    }
    for (int i = 0; i < left.size(); i++) {
      ends.add(publisher.publish(last(orphan, left.get(i), i == left.size() - 1)));
    }
    events.emit(
        new ServerEvent.CallOrphaned(
            orphan.session().value(), orphan.stream().value(), left.size()));
  }

  private static Outgoing last(Orphan orphan, OrphanCall call, boolean last) {
    return new Outgoing(
        orphan.stream(),
        orphan.writerEpoch(),
        call.cancelled() ? null : error(call), // a cancelled call gets no response
        last,
        call.call(),
        null);
  }

  private static byte[] error(OrphanCall call) {
    var reason = Codec.object();
    reason.put("reason", "executor_lost");
    reason.put("runs", call.runs());
    return Codec.encode(
        new Response.Failure(
            RequestId.decoded(call.requestId()),
            new RpcError(
                ErrorCode.INTERNAL_ERROR,
                "the instance that ran this call was lost; it may have had effects",
                reason)));
  }

  int release(int max) {
    return database.call(c -> store.releaseDead(c, max)).size();
  }
}
