package trunkline.cluster;

import java.time.Instant;
import java.util.List;
import trunkline.signal.InstanceId;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.MemoryDatabase.Member;
import trunkline.simulation.MemoryDatabase.Statement;
import trunkline.store.SetAside;

/// What an observer asks of [InstanceRows], in memory.
final class MemoryBeats implements Observer.Beats {
  private final MemoryDatabase database;

  MemoryBeats(MemoryDatabase database) {
    this.database = database;
  }

  private record Observe(MemoryDatabase database, InstanceId self)
      implements Statement<List<Sighting>> {
    @Override
    public String name() {
      return "instances.observe";
    }

    @Override
    public List<Sighting> commit() {
      return database.members().values().stream()
          .filter(member -> member.id != self.value())
          .map(member ->
              new Sighting(
                  new InstanceId(member.id),
                  beat(member),
                  member.leaseUntilNanos < database.nanos(),
                  !member.isPresent()))
          .toList();
    }
  }

  private record Declare(MemoryDatabase database, Sighting seen) implements Statement<Boolean> {
    @Override
    public String name() {
      return "instances.declare_expired_dead";
    }

    @Override
    public Boolean commit() {
      var member = database.members().get(seen.id().value());
      if (member == null
          || !member.isPresent()
          || !beat(member).equals(seen.beatAt())
          || member.leaseUntilNanos >= database.nanos()) {
        return false;
      }
      member.dead = true;
      return true;
    }
  }

  private static Instant beat(Member member) {
    return Instant.ofEpochSecond(0, member.beatNanos);
  }

  @Override
  public List<Sighting> observe(InstanceId self, SetAside aside) {
    return database.run(new Observe(database, self));
  }

  @Override
  public boolean declareExpiredDead(Sighting seen) {
    return database.run(new Declare(database, seen));
  }
}
