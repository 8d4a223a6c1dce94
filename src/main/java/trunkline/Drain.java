package trunkline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import trunkline.config.DrainPolicy;
import trunkline.signal.Doorbell;
import trunkline.signal.Loop;
import trunkline.signal.Pace;
import trunkline.telemetry.ServerEvent;

/// An instance that serves nobody for a while, because its row says so (`trunkline.drain`), and the
/// first half of one that leaves.
///
/// ```
///   serving ──wish──▶ draining: not ready ──delay──▶ emptied ──▶ drained ──undrain──▶ serving
///                       │ begins nothing of others'              │
///                       └──────────── SIGTERM ───────────────────┴──▶ [Departure]
/// ```
///
/// A request that arrives all the same is served: a call runs, a stream gets what is stored and a
/// `retry`. The wish is read with each beat, so that a lost NOTIFY costs two seconds.
final class Drain implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Core core;
  private final DrainPolicy policy;
  private final Emptying emptying;
  private final Doorbell bell = new Doorbell();
  private volatile boolean wanted;
  private volatile boolean leaving;
  private volatile @Nullable Long notReadyNanos;
  private volatile boolean emptied;
  private @Nullable Loop loop;

  Drain(Core core, DrainPolicy policy) {
    this.core = core;
    this.policy = policy;
    this.emptying = new Emptying(core, () -> false);
  }

  /// Begins to follow the wish.
  void start() {
    loop = Loop.start("trunkline-drain", bell, pace(), this::follow, this::failed);
    core.cluster().instances().drainedWhen(this::isDrained);
    core.cluster().instances().onDrainWanted(this::heard);
  }

  private void heard(boolean wish) {
    if (wish != wanted) {
      wanted = wish;
      bell.ring();
    }
  }

  /// Whether balancers are to look away.
  boolean isOn() {
    return wanted || notReadyNanos != null;
  }

  /// Whether nothing is left to do here.
  boolean isDrained() {
    return emptied && emptying.isDone();
  }

  /// How long it has not been ready.
  Duration since() {
    var began = notReadyNanos;
    return began == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - began);
  }

  /// The instance leaves: nothing begins any more, and what this was about is the caller's now.
  void leave() {
    close();
    begin();
    core.cluster().instances().leaveSoon();
  }

  private boolean isOver() {
    return leaving || !wanted;
  }

  private void follow() {
    if (!isOver() && !emptied) {
      begin();
      empty();
    } else if (!leaving && !wanted && notReadyNanos != null) {
      end();
    }
    core.calls().handOn();
  }

  private void begin() {
    if (notReadyNanos == null) {
      notReadyNanos = System.nanoTime();
      core.calls().leave();
      events(new ServerEvent.InstanceDraining(self()));
    }
  }

  private void empty() {
    emptying.awaitUnlessHurried(this::isOver, policy.delay().minus(since()));
    if (!isOver()) {
      emptying.closeSpreadOut(policy.timeout(), this::isOver);
    }
    if (!isOver()) {
      emptying.stopCalls();
      emptying.closeRest(Duration.ZERO);
      emptied = true;
      events(new ServerEvent.InstanceDrained(self(), Math.toIntExact(since().toMillis())));
      core.cluster().instances().beatSoon();
    }
  }

  private void end() {
    emptied = false;
    core.streams().streams().stay();
    core.listens().stay();
    core.calls().stay();
    notReadyNanos = null;
    events(new ServerEvent.InstanceUndrained(self()));
  }

  private int self() {
    return core.cluster().self().value();
  }

  private void events(ServerEvent event) {
    core.cluster().events().emit(event);
  }

  private void failed(RuntimeException failure) {
    events(new ServerEvent.SweepFailed("drain", String.valueOf(failure.getMessage())));
  }

  private static Pace pace() {
    return new Pace() {
      @Override
      public Duration interval() {
        return LOOK;
      }

      @Override
      public void reset() {}
    };
  }

  /// Follows the wish no more.
  @Override
  public void close() {
    leaving = true;
    if (loop != null) {
      loop.close();
    }
  }
}
