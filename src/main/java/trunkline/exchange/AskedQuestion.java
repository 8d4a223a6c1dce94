package trunkline.exchange;

import trunkline.session.PendingId;
import trunkline.signal.InstanceId;
import trunkline.stream.StreamWriter;

/// A question that is out, on a call's stream.
public final class AskedQuestion {
  private final StreamWriter writer;
  private final PendingId pending;
  private final InstanceId asker;

  /// @param asker the instance that waits for the answer, as the row says it; another one that runs
  ///   the call again may have taken the question over since
  AskedQuestion(StreamWriter writer, PendingId pending, InstanceId asker) {
    this.writer = writer;
    this.pending = pending;
    this.asker = asker;
  }

  StreamWriter writer() {
    return writer;
  }

  PendingId pending() {
    return pending;
  }

  InstanceId asker() {
    return asker;
  }
}
