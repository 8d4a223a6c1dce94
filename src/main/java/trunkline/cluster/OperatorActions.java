package trunkline.cluster;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
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
  private final BooleanSupplier untold;
  private final EventSink events;
  private volatile boolean unanswered = true;

  /// The key of what is asked next; grows when the answer is here.
  private final AtomicLong round = new AtomicLong(1);

  /// @param untold whether there may be one that nobody has told
  OperatorActions(
      OperatorActionRows rows,
      Supplier<InstanceId> self,
      BooleanSupplier untold,
      EventSink events) {
    this.rows = rows;
    this.self = self;
    this.untold = untold;
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
    if (!unanswered && !untold.getAsBoolean()) {
      return Step.whole(0);
    }
    unanswered = true; // what a round took whose answer gets lost, nobody else sees
    var told = rows.tell(self.get(), round.get(), rowsMax);
    unanswered = false;
    round.incrementAndGet();
    told.forEach(events::emit);
    return Step.upTo(rowsMax, told.size());
  }
}
