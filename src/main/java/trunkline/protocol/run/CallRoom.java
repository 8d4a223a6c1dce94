package trunkline.protocol.run;

import java.util.concurrent.atomic.AtomicInteger;
import trunkline.jsonrpc.RpcException;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The room for calls on this instance, of both eras.
///
/// A limit is reported in a JSON-RPC error, not in an HTTP status: clients take a failed POST for a
/// broken connection, or for the end of their session.
final class CallRoom {
  private final int max;
  private final EventSink events;
  private final AtomicInteger running = new AtomicInteger();

  CallRoom(int max, EventSink events) {
    this.max = max;
    this.events = events;
  }

  /// Takes a place, to be left when the call has ended.
  ///
  /// @throws RpcException when there is none
  void enter() {
    if (running.incrementAndGet() > max) {
      running.decrementAndGet();
      throw refused(
          "this instance runs " + max + " calls", "calls-max", max, "try again in a moment");
    }
  }

  void leave() {
    running.decrementAndGet();
  }

  /// How many more may enter.
  int left() {
    return Math.max(0, max - running.get());
  }

  /// The answer to one too many.
  RpcException refused(String reached, String limit, int most, String advice) {
    events.emit(new ServerEvent.LimitReached(limit));
    return RpcException.limitReached(reached, limit, most, advice);
  }
}
