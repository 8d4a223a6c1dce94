package trunkline.cluster;

import java.util.Objects;
import java.util.Set;
import trunkline.signal.InstanceId;
import trunkline.simulation.DirectWire;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.MemoryDatabase.Member;

class MemoryBeatsTest extends BeatsContract {
  MemoryBeatsTest() {
    super(new Bench());
  }

  private static final class Bench implements BeatsBench {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final MemoryDatabase database =
        new MemoryDatabase(new DirectWire(), System::nanoTime, Set.of(), _ -> {});

    private Member row(InstanceId instance) {
      return Objects.requireNonNull(database.members().get(instance.value()));
    }

    @Override
    public Observer.Beats beats() {
      return new MemoryBeats(database);
    }

    @Override
    public InstanceId enter() {
      return new InstanceId(database.enter(MINUTE_NANOS).id);
    }

    @Override
    public void beat(InstanceId instance) {
      row(instance).beatNanos = database.nanos();
      row(instance).leaseUntilNanos = database.nanos() + MINUTE_NANOS;
    }

    @Override
    public void expire(InstanceId instance) {
      row(instance).leaseUntilNanos = database.nanos() - 1;
    }

    @Override
    public void leave(InstanceId instance) {
      row(instance).left = true;
    }

    @Override
    public void close() {}
  }
}
