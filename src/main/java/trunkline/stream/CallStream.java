package trunkline.stream;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import trunkline.session.SessionKey;

/// The stream of a call (or of the calls of one 2025-03-26 batch) that this instance executes: the
/// writer's side. Everything goes through the stream's lane, so what is acknowledged is in order.
///
/// Each future completes after the commit; [Published.Refused] means that this writer was replaced
/// or the session ended, and nothing more will be accepted.
public final class CallStream {
  private final Publisher publisher;
  private final ClaimedStream holding;
  private final int writerEpoch;
  private final List<CallId> calls;
  private volatile boolean released;

  CallStream(Publisher publisher, ClaimedStream holding, int writerEpoch, List<CallId> calls) {
    this.publisher = publisher;
    this.holding = holding;
    this.writerEpoch = writerEpoch;
    this.calls = List.copyOf(calls);
  }

  /// The reader's side, for the connection that made the call.
  public ClaimedStream holding() {
    return holding;
  }

  /// Notes that the connection is to be let go, for a follower that has not begun yet.
  void release() {
    released = true;
  }

  boolean isReleased() {
    return released;
  }

  public SessionKey session() {
    return holding.session();
  }

  /// The calls, in the order they were started with.
  public List<CallId> calls() {
    return calls;
  }

  /// Stores a notification.
  public CompletableFuture<Published> write(byte[] payload) {
    return publisher.publish(
        new Outgoing(holding.stream(), writerEpoch, payload, false, null, null));
  }

  /// Stores a question to the client together with its pending request.
  public CompletableFuture<Published> ask(byte[] payload, Question question) {
    return publisher.publish(
        new Outgoing(holding.stream(), writerEpoch, payload, false, null, question));
  }

  /// Stores the response of a call; the last one ends the stream in the same statement.
  public CompletableFuture<Published> answer(CallId call, byte[] payload, boolean last) {
    return publisher.publish(
        new Outgoing(holding.stream(), writerEpoch, payload, last, call, null));
  }

  /// Finishes a call without a response: a cancelled call has none (MCP 2025-11-25, Cancellation).
  public CompletableFuture<Published> finish(CallId call, boolean last) {
    return publisher.publish(new Outgoing(holding.stream(), writerEpoch, null, last, call, null));
  }
}
