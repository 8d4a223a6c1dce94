package trunkline.cluster;

import java.time.Duration;
import java.util.function.Supplier;
import trunkline.signal.InstanceId;
import trunkline.simulation.MemoryDatabase;
import trunkline.store.Clockwork;
import trunkline.telemetry.EventSink;

/// An instance among the others, over tables in memory: the product's observer, and its own idea of
/// its lease.
public final class SimulatedMember {
  private final InstancePolicy policy;
  private final Observer observer;
  private Tenure tenure;

  public SimulatedMember(
      MemoryDatabase database, Supplier<InstanceId> self, Duration lease, EventSink events) {
    this.policy = InstancePolicy.of("here", "simulated", lease);
    this.observer = new Observer(self, new MemoryBeats(database), policy, events);
    this.tenure = new Tenure(Clockwork.nanos());
  }

  /// A beat succeeded that began then.
  public void renew(long startedNanos) {
    tenure = Tenure.granted(startedNanos, policy.lease(), policy.trustMargin());
  }

  public boolean isTrusted() {
    return tenure.isTrusted();
  }

  public long beatMillis() {
    return policy.beatInterval().toMillis();
  }

  /// Declares the dead ones dead.
  public void observe() {
    var _ = observer.run(10);
  }
}
