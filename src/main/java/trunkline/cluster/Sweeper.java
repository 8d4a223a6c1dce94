package trunkline.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import trunkline.signal.Loop;
import trunkline.signal.Pace;
import trunkline.signal.Subscription;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Pulse;
import trunkline.telemetry.ServerEvent;

/// Runs the sweeps one after the other, each at its cadence, early when its bell rings.
public final class Sweeper implements AutoCloseable {
  /// Keeps a sweep with endless work from starving the others.
  private static final int STEPS_MAX = 20;

  private final String name;
  private final Pace pace;
  private final Subscription wakes;
  private final EventSink events;
  private final List<Due> sweeps = new CopyOnWriteArrayList<>();
  private @Nullable Baton baton;
  private @Nullable Loop loop;

  /// A sweep and its next due time.
  private static final class Due {
    final Sweep sweep;
    volatile long nextNanos = System.nanoTime();

    Due(Sweep sweep) {
      this.sweep = sweep;
    }
  }

  /// Prepares; nothing runs before `start` or `runOnce`.
  ///
  /// @param wakes what makes a round begin early
  public Sweeper(String name, Pace pace, Subscription wakes, EventSink events) {
    this.name = name;
    this.pace = pace;
    this.wakes = wakes;
    this.events = events;
  }

  /// Rounds come only while this instance holds it.
  public Sweeper with(Baton one) {
    baton = one;
    return this;
  }

  public Sweeper add(Sweep sweep) {
    sweeps.add(new Due(sweep));
    return this;
  }

  /// Starts the rounds, on a thread of their own. Each sweep has its meter from then on, so that an
  /// alert on the increase sees the first row.
  public void start() {
    sweeps.forEach(due -> events.emit(new ServerEvent.Swept(due.sweep.name(), 0)));
    loop = Loop.start(name, wakes.bell(), pace, this::round, failure -> failed(name, failure));
  }

  private void round() {
    var now = System.nanoTime();
    for (var due : sweeps) {
      if (now - due.nextNanos >= 0) {
        if (!isOurs()) {
          return;
        }
        due.nextNanos = now + due.sweep.cadence().toNanos();
        if (run(due.sweep) > 0) {
          pace.reset();
        }
      }
    }
  }

  private boolean isOurs() {
    return baton == null || baton.isHeld();
  }

  /// Runs every sweep now, whether it is due or not, and ours or not.
  ///
  /// @return the number of rows handled
  public int runOnce() {
    return sweeps.stream().mapToInt(due -> run(due.sweep)).sum();
  }

  private int run(Sweep sweep) {
    var rows = 0;
    try {
      for (var step = 0; step < STEPS_MAX; step++) {
        Pulse.beat();
        var done = sweep.run(sweep.rowsMax());
        rows += done.rows();
        if (!done.more()) {
          break;
        }
      }
    } catch (RuntimeException e) {
      failed(sweep.name(), e);
      pass(e);
    }
    if (rows > 0) {
      events.emit(new ServerEvent.Swept(sweep.name(), rows));
    }
    return rows;
  }

  /// An outage and a lock are everybody's; what else fails here may not elsewhere.
  private void pass(RuntimeException failure) {
    if (baton != null
        && !(failure instanceof DatabaseUnavailable || failure instanceof DatabaseBusy)) {
      baton.pass();
    }
  }

  private void failed(String what, RuntimeException failure) {
    events.emit(new ServerEvent.SweepFailed(what, String.valueOf(failure.getMessage())));
  }

  /// Stops after the current round.
  @Override
  public void close() {
    if (loop != null) {
      loop.close();
    }
    wakes.close();
  }
}
