package trunkline.call;

import java.util.List;
import trunkline.session.CallId;
import trunkline.stream.ClaimedStream;
import trunkline.stream.StreamWriter;

/// The stream of a call (or of the calls of one 2025-03-26 batch) that this instance executes: it
/// has both ends, the writer's and, at first, the reader's.
public final class CallStream {
  private final StreamWriter writer;
  private final ClaimedStream claimed;
  private final List<CallId> calls;
  private volatile boolean released;

  CallStream(StreamWriter writer, ClaimedStream claimed, List<CallId> calls) {
    this.writer = writer;
    this.claimed = claimed;
    this.calls = List.copyOf(calls);
  }

  /// The writer of the calls' messages.
  public StreamWriter writer() {
    return writer;
  }

  /// The calls, in the order they were started with.
  public List<CallId> calls() {
    return calls;
  }

  /// For the connection that made the calls.
  ClaimedStream claimed() {
    return claimed;
  }

  /// Notes that the connection is to be let go, for a follower that has not begun yet.
  void release() {
    released = true;
  }

  boolean isReleased() {
    return released;
  }
}
