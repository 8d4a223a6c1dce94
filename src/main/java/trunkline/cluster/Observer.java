package trunkline.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import trunkline.signal.InstanceId;
import trunkline.signal.Step;
import trunkline.store.SetAside;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Polls the other instances, declares the dead ones dead, and reports each death once.
final class Observer implements Sweep {
  private final Instances self;
  private final InstanceRows rows;
  private final LeaseWatch watch;
  private final Duration cadence;
  private final EventSink events;
  private final SetAside aside;

  Observer(Instances self, InstanceRows rows, InstancePolicy policy, EventSink events) {
    this.self = self;
    this.rows = rows;
    this.watch = new LeaseWatch(policy.lease());
    this.cadence = policy.lease().dividedBy(20);
    this.events = events;
    this.aside = new SetAside("instances", events);
  }

  @Override
  public String name() {
    return "dead instances";
  }

  @Override
  public Duration cadence() {
    return cadence;
  }

  @Override
  public Step run(int rowsMax) {
    var observer = self.self();
    var seen = look(observer);
    var living = seen.stream().filter(sighting -> !sighting.gone()).toList();
    var others = living.stream().filter(sighting -> !sighting.expired()).count();
    events.emit(new ServerEvent.InstancesSeen(1 + (int) others));
    var declared = new ArrayList<Sighting>();
    aside.each(
        watch.dead(living, System.nanoTime()),
        dead -> dead.id().value(),
        dead -> {
          if (rows.declareExpiredDead(dead)) {
            declared.add(dead);
            events.emit(new ServerEvent.InstanceDeclaredDead(dead.id().value(), observer.value()));
          }
        });
    return Step.whole(declared.size());
  }

  private List<Sighting> look(InstanceId observer) {
    try {
      return rows.observe(observer, aside);
    } catch (RuntimeException e) {
      watch.blind();
      throw e;
    }
  }
}
