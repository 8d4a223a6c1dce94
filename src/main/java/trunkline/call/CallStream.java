package trunkline.call;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.session.CallId;
import trunkline.stream.ClaimedStream;
import trunkline.stream.StreamWriter;

/// The stream of a call (or of the calls of one 2025-03-26 batch) that this instance executes: the
/// writer's end and, where its client made the call here, at first the reader's too.
public final class CallStream {
  private final StreamWriter writer;
  private final @Nullable ClaimedStream claimed;
  private final List<CallId> calls;
  private volatile boolean released;

  /// @param claimed null for calls that are run again: their client may be anywhere
  CallStream(StreamWriter writer, @Nullable ClaimedStream claimed, List<CallId> calls) {
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
  Optional<ClaimedStream> claimed() {
    return Optional.ofNullable(claimed);
  }

  /// Notes that the connection is to be let go, for a follower that has not begun yet.
  void release() {
    released = true;
  }

  boolean isReleased() {
    return released;
  }
}
