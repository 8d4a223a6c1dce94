package trunkline.exchange;

import trunkline.session.PendingId;
import trunkline.stream.StreamWriter;

/// A task's question on the stream of one of the calls that wait for the task.
public final class RelayedQuestion {
  private final StreamWriter writer;
  private final PendingId pending;

  RelayedQuestion(StreamWriter writer, PendingId pending) {
    this.writer = writer;
    this.pending = pending;
  }

  StreamWriter writer() {
    return writer;
  }

  PendingId pending() {
    return pending;
  }
}
