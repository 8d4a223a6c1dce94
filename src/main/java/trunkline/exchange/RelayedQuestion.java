package trunkline.exchange;

import trunkline.stream.CallStream;
import trunkline.stream.PendingId;

/// A task's question on the stream of one of the calls that wait for the task.
public final class RelayedQuestion {
  private final CallStream stream;
  private final PendingId pending;

  RelayedQuestion(CallStream stream, PendingId pending) {
    this.stream = stream;
    this.pending = pending;
  }

  CallStream stream() {
    return stream;
  }

  PendingId pending() {
    return pending;
  }
}
