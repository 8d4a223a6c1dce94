package trunkline.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.signal.Doorbell;
import trunkline.signal.InstanceId;
import trunkline.signal.Loop;
import trunkline.signal.Pace;
import trunkline.store.Clockwork;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Notices that the tenure is over, while the heartbeat itself may hang in a socket.
final class TenureWatch implements AutoCloseable, Pace {
  private final InstancePolicy policy;
  private final Supplier<InstanceId> self;
  private final EventSink events;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Doorbell bell = new Doorbell();
  private volatile Tenure current = new Tenure(Clockwork.nanos());
  private boolean trusted;
  private @Nullable Loop loop;

  TenureWatch(InstancePolicy policy, Supplier<InstanceId> self, EventSink events) {
    this.policy = policy;
    this.self = self;
    this.events = events;
  }

  void start() {
    loop = Loop.start("trunkline-tenure", bell, this, this::look, this::failed);
  }

  Tenure current() {
    return current;
  }

  /// A beat succeeded that began then.
  void renew(long attemptStartedNanos) {
    current = Tenure.granted(attemptStartedNanos, policy.lease(), policy.trustMargin());
  }

  /// We are fenced.
  void end() {
    current = new Tenure(Clockwork.nanos());
    bell.ring();
  }

  void onEnded(Runnable listener) {
    listeners.add(listener);
  }

  private void look() {
    var before = trusted;
    trusted = current.isTrusted();
    if (before && !trusted) {
      events.emit(new ServerEvent.TenureEnded(self.get().value()));
      listeners.forEach(Runnable::run);
    }
  }

  private void failed(RuntimeException failure) {
    events.emit(new ServerEvent.SweepFailed("tenure ended", String.valueOf(failure.getMessage())));
  }

  /// The time until the tenure ends, as known now.
  @Override
  public Duration interval() {
    var left = current.left();
    var least = policy.trustMargin().dividedBy(8);
    return left.compareTo(least) > 0 ? left : least;
  }

  @Override
  public void reset() {}

  @Override
  public void close() {
    if (loop != null) {
      loop.close();
    }
  }
}
