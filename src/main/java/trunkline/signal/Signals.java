package trunkline.signal;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.telemetry.EventSink;

/// Wake-ups between instances: who waits here, how others are woken, and how often to poll anyway.
public final class Signals implements AutoCloseable {
  private final AtomicReference<@Nullable InstanceId> self = new AtomicReference<>();
  private final SignalPolicy policy;
  private final Doorbells doorbells = new Doorbells();
  private final Lookout lookout = new Lookout();
  private final Probe canary;
  private final Waker waker;
  private final NotificationListener listener;

  public Signals(
      Connections connections, Database database, SignalPolicy policy, EventSink events) {
    this.policy = policy;
    this.canary = new Probe(database, policy, lookout, events);
    this.waker = new Waker(self::get, doorbells, database, policy, events);
    this.listener =
        new NotificationListener(
            () -> Objects.requireNonNull(self.get()),
            connections,
            canary,
            doorbells,
            policy,
            events);
  }

  /// Begins to listen as the instance that [#moveTo] named, and waits until NOTIFY is proven to
  /// arrive or has failed to once: a few seconds at most.
  ///
  /// @throws NotifyRequired when it failed and the policy requires it
  public void start() {
    if (policy.listening() == NotifyMode.NEVER) {
      return;
    }
    var failure = listener.start();
    if (policy.listening() == NotifyMode.REQUIRED && !failure.isEmpty()) {
      throw new NotifyRequired(failure);
    }
  }

  /// Names the instance whose channel is ours; a fenced instance gets a new one.
  public void moveTo(InstanceId instance) {
    self.set(instance);
  }

  public Doorbells doorbells() {
    return doorbells;
  }

  public Waker waker() {
    return waker;
  }

  public WakeMode mode() {
    return listener.mode();
  }

  /// A pace for one loop: slow while NOTIFY is known to arrive, fast on any doubt.
  public Pace pace() {
    return new PollBackoff(canary::hearing, policy.polling());
  }

  /// The same for a loop for which the [#lookout()] looks: it rests while that is known to look and
  /// NOTIFY to arrive, and keeps its own pace otherwise.
  ///
  /// @param bell rings the loop, when either comes into doubt
  public Pace resting(Pace own, Runnable bell) {
    lookout.rest(bell);
    return new RestingPace(() -> canary.hearing() && lookout.isLooking(), own);
  }

  /// Told by whoever looks for all.
  public Lookout lookout() {
    return lookout;
  }

  /// Neither hears nor wakes any more, and rings every bell once so that none waits for that.
  @Override
  public void close() {
    listener.close();
    waker.close();
    doorbells.ringAll();
  }
}
