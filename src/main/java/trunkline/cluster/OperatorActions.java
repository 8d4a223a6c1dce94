package trunkline.cluster;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import trunkline.signal.InstanceId;
import trunkline.signal.Step;
import trunkline.telemetry.EventSink;

/// Tells in log and meters what operators did by SQL, each action once in the whole cluster: the
/// instance that marks the row tells it, and marks before it tells. An answer that was lost is
/// asked for again; one whose instance dies in between is not told, but on record for thirty days.
final class OperatorActions implements Sweep {
  private final OperatorActionRows rows;
  private final Supplier<InstanceId> self;
  private final EventSink events;

  /// The key of what is asked next; grows when the answer is here.
  private final AtomicLong round = new AtomicLong(1);

  OperatorActions(OperatorActionRows rows, Supplier<InstanceId> self, EventSink events) {
    this.rows = rows;
    this.self = self;
    this.events = events;
  }

  @Override
  public String name() {
    return "operator actions";
  }

  @Override
  public Duration cadence() {
    return Duration.ofSeconds(5);
  }

  @Override
  public Step run(int rowsMax) {
    var told = rows.tell(self.get(), round.get(), rowsMax);
    round.incrementAndGet();
    told.forEach(events::emit);
    return Step.upTo(rowsMax, told.size());
  }
}
