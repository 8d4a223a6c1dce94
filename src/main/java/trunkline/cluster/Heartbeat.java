package trunkline.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import trunkline.signal.Subscription;
import trunkline.store.Connections;
import trunkline.store.DirectConnection;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Pulse;
import trunkline.telemetry.ServerEvent;

/// Beats on a thread and a connection of its own, so that a busy pool cannot silence it. After any
/// failure it reconnects and goes on.
final class Heartbeat implements AutoCloseable {
  /// The time a beat may hang: a quarter of the usual lease.
  private static final Duration CLOSING_MAX = Duration.ofSeconds(5);

  private final Connections connections;
  private final InstancePolicy policy;
  private final Beat beat;
  private final Subscription wakes;
  private final EventSink events;
  private final Thread thread;
  private @Nullable DirectConnection line;
  private volatile boolean closed;

  /// The work of each beat.
  @FunctionalInterface
  interface Beat {
    void on(DirectConnection line);
  }

  /// Starts at once.
  ///
  /// @param wakes what makes a beat come early
  Heartbeat(
      Connections connections,
      InstancePolicy policy,
      Beat beat,
      Subscription wakes,
      EventSink events) {
    this.connections = connections;
    this.policy = policy;
    this.beat = beat;
    this.wakes = wakes;
    this.events = events;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("trunkline-heartbeat")
            .start(Pulse.of("trunkline-heartbeat", this::run));
  }

  private void run() {
    while (!closed) {
      var pause = policy.beatInterval();
      Pulse.beat();
      try {
        var current = open();
        if (!closed) {
          beat.on(current);
        }
      } catch (RuntimeException e) {
        drop();
        pause = pause.dividedBy(4);
        events.emit(new ServerEvent.HeartbeatFailed(String.valueOf(e.getMessage())));
      }
      await(pause);
    }
    drop();
  }

  private void await(Duration pause) {
    try {
      if (!closed) {
        var nanos = pause.toNanos();
        var jittered = ThreadLocalRandom.current().nextLong(nanos * 8 / 10, nanos * 12 / 10 + 1);
        Pulse.rest(Duration.ofNanos(jittered));
        wakes.bell().await(Duration.ofNanos(jittered));
      }
    } catch (InterruptedException e) {
      // This thread is never interrupted; if it were, beating at once does no harm.
      return;
    }
  }

  /// A beat that hangs must fail while there is time for another one within the lease.
  private DirectConnection open() {
    var current = line;
    if (current == null) {
      current =
          new DirectConnection(connections, "trunkline-heartbeat", policy.lease().dividedBy(4));
      line = current;
    }
    return current;
  }

  private void drop() {
    var current = line;
    line = null;
    if (current != null) {
      current.close();
    }
  }

  /// Beats without waiting for the interval.
  void soon() {
    wakes.bell().ring();
  }

  /// No beat begins after this. A thread that hangs while it connects is left behind.
  @Override
  public void close() {
    closed = true;
    wakes.bell().ring();
    try {
      thread.join(CLOSING_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    wakes.close();
  }
}
