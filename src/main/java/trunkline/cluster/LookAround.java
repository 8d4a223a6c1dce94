package trunkline.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import trunkline.signal.Canary;
import trunkline.signal.InstanceId;
import trunkline.signal.Lookout;
import trunkline.store.DatabaseFailure;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.SetAside;

/// One look in the place of many: whoever would ask the database whether there is something to do
/// asks this first. It saves statements and decides nothing: a glance that is old, that failed or
/// that was never taken says that there may be anything.
///
/// Where it fails by itself, the others are looked at without it, so that the dead are found.
public final class LookAround implements Observer.Beats {
  private static final Duration OLD = Duration.ofSeconds(3);

  private final GlanceRows glances;
  private final InstanceRows rows;
  private final Lookout lookout;
  private final List<Consumer<Glance>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Taken> latest = new AtomicReference<>();

  /// @param nanos when the question was asked
  private record Taken(Glance glance, long nanos) {}

  LookAround(GlanceRows glances, InstanceRows rows, Lookout lookout) {
    this.glances = glances;
    this.rows = rows;
    this.lookout = lookout;
  }

  /// Runs with each glance, on the thread that looks.
  public void onGlance(Consumer<Glance> listener) {
    listeners.add(listener);
  }

  /// Whether there may be what the condition asks for: not when a look within the last seconds saw
  /// that there is not.
  public boolean mayHave(Predicate<Glance> condition) {
    var taken = latest.get();
    return taken == null
        || System.nanoTime() - taken.nanos > OLD.toNanos()
        || condition.test(taken.glance);
  }

  @Override
  public List<Sighting> observe(InstanceId self, SetAside aside) {
    return aside.read(others(self), seen -> seen.id().value(), Sighting.Row::sighting);
  }

  private List<Sighting.Row> others(InstanceId self) {
    var canary = lookout.takeAlong();
    var asked = System.nanoTime();
    try {
      var looked = glances.look(self, canary);
      canary.ifPresent(Canary::sent);
      take(new Taken(looked.glance(), asked));
      return looked.others();
    } catch (DatabaseFailure e) {
      latest.set(null);
      lookout.lost();
      if (e instanceof DatabaseUnavailable) {
        throw e;
      }
      return rows.others(self);
    } finally {
      canary.ifPresent(Canary::failUnlessSent);
    }
  }

  /// Of two looks at once the one counts that was asked later.
  private void take(Taken taken) {
    latest.accumulateAndGet(
        taken, (former, next) -> former != null && former.nanos - next.nanos > 0 ? former : next);
    lookout.looked(taken.nanos);
    listeners.forEach(listener -> listener.accept(taken.glance));
  }

  @Override
  public boolean declareExpiredDead(Sighting seen) {
    return rows.declareExpiredDead(seen);
  }
}
