package trunkline.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import trunkline.signal.InstanceId;
import trunkline.signal.Step;
import trunkline.store.Clockwork;
import trunkline.store.SetAside;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Polls the other instances, declares the dead ones dead, and reports each death once.
final class Observer implements Sweep {
  /// However long the lease: others rest upon this look.
  private static final Duration CADENCE_MAX = Duration.ofMillis(500);

  private final Supplier<InstanceId> self;
  private final Beats rows;
  private final LeaseWatch watch;
  private final Duration cadence;
  private final EventSink events;
  private final SetAside aside;
  private volatile int livingCount = 1;

  /// What is known of the others. Its one product implementation is [InstanceRows].
  interface Beats {
    /// The others, and those who went lately.
    ///
    /// @param aside for those of whom no beat can be read
    List<Sighting> observe(InstanceId self, SetAside aside);

    /// Declares an instance dead, guarded by the beat that was seen: there is one winner, and a
    /// beat in between saves it.
    ///
    /// @return whether this instance did
    boolean declareExpiredDead(Sighting seen);
  }

  Observer(Supplier<InstanceId> self, Beats rows, InstancePolicy policy, EventSink events) {
    this.self = self;
    this.rows = rows;
    this.watch = new LeaseWatch(policy.lease());
    var often = policy.lease().dividedBy(20);
    this.cadence = often.compareTo(CADENCE_MAX) < 0 ? often : CADENCE_MAX;
    this.events = events;
    this.aside = new SetAside("instances", events);
  }

  /// How many lived at the last look, this one included.
  int living() {
    return livingCount;
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
    var observer = self.get();
    var seen = look(observer);
    var living = seen.stream().filter(sighting -> !sighting.gone()).toList();
    var others = living.stream().filter(sighting -> !sighting.expired()).count();
    livingCount = 1 + (int) others;
    events.emit(new ServerEvent.InstancesSeen(livingCount));
    var declared = new ArrayList<Sighting>();
    aside.each(
        watch.dead(living, Clockwork.nanos()),
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
