package trunkline.signal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import trunkline.store.ConnectionReason;
import trunkline.store.Connections;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Pulse;
import trunkline.telemetry.ServerEvent;

/// Hears NOTIFY on a thread and a direct connection of its own, and rings the doorbells.
///
/// Its loop cannot die: whatever goes wrong closes the connection hard, and after a pause it
/// connects again, LISTENs, and only *then* rings every bell, because nothing reports what was
/// committed in between.
final class NotificationListener implements AutoCloseable {
  /// How soon a new channel, a late canary or the end is noticed while nothing arrives.
  private static final Duration TICK = Duration.ofMillis(200);

  /// How long a start waits for proof or failure. Only a pool that cannot even send takes so long.
  private static final Duration PROOF = Duration.ofSeconds(10);

  private static final Duration CLOSING_MAX = Duration.ofSeconds(5);
  private static final PGNotification[] NONE = {};

  private final Supplier<InstanceId> self;
  private final Connections connections;
  private final Probe canary;
  private final Doorbells doorbells;
  private final HeardWakes wakes;
  private final SignalPolicy policy;
  private final EventSink events;
  private final CompletableFuture<String> verdict = new CompletableFuture<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable WakeMode mode;
  private int failures;
  private @Nullable InstanceId provenAs;

  NotificationListener(
      Supplier<InstanceId> self,
      Connections connections,
      Probe canary,
      Doorbells doorbells,
      SignalPolicy policy,
      EventSink events) {
    this.self = self;
    this.connections = connections;
    this.canary = canary;
    this.doorbells = doorbells;
    this.wakes = new HeardWakes(doorbells::ring);
    this.policy = policy;
    this.events = events;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("trunkline-listener")
            .unstarted(Pulse.of("trunkline-listener", this::run));
  }

  /// Begins to listen, and waits until that is proven or has failed once.
  ///
  /// @return why it failed; empty when it is proven
  String start() {
    thread.start();
    return verdict
        .completeOnTimeout("nothing proven within " + PROOF, PROOF.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  WakeMode mode() {
    return mode == WakeMode.NOTIFY ? WakeMode.NOTIFY : WakeMode.POLLING;
  }

  private void run() {
    while (closing.getCount() > 0) {
      String reason;
      Pulse.beat();
      try {
        reason = listen();
      } catch (SQLException | RuntimeException e) {
        reason = ConnectionReason.of(e);
      }
      if (closing.getCount() > 0) {
        lost(reason);
      }
    }
    canary.reset();
    verdict.complete("closed");
  }

  private void lost(String reason) {
    canary.reset();
    var pause = pause();
    events.emit(new ServerEvent.ListenerLost(self.get().value(), reason, pause.toMillis()));
    become(WakeMode.POLLING, reason);
    verdict.complete(reason);
    Pulse.rest(pause);
    try {
      if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      // This thread is never interrupted; if it were, connecting again at once is right.
      return;
    }
  }

  /// Doubling from the shortest to the longest pause, with jitter so that a fleet that lost its
  /// server does not return in one instant.
  private Duration pause() {
    var doubled = policy.retryMin().multipliedBy(1L << Math.min(failures, 20));
    failures++;
    var longest = doubled.compareTo(policy.retryMax()) < 0 ? doubled : policy.retryMax();
    return Duration.ofNanos(
        ThreadLocalRandom.current().nextLong(longest.toNanos() / 2, longest.toNanos() + 1));
  }

  private void become(WakeMode next, String reason) {
    if (mode != next) {
      mode = next;
      events.emit(new ServerEvent.WakeModeChanged(self.get().value(), next.word(), reason));
    }
  }

  /// Listens until the end or until the path is broken.
  ///
  /// @return what is wrong
  private String listen() throws SQLException {
    var connection = connections.direct("trunkline-listen", PromptSockets.class);
    try {
      var pg = connection.unwrap(PGConnection.class);
      while (closing.getCount() > 0) {
        var instance = self.get();
        execute(connection, "UNLISTEN *");
        execute(connection, "LISTEN " + Channel.of(instance));
        execute(connection, "LISTEN " + Channel.ALL);
        canary.reset();
        provenAs = null;
        doorbells.ringAll(); // for what was committed before LISTEN
        if (!forward(pg, instance)) {
          return "no canary came back within %s, %d times"
              .formatted(policy.canaryPatience(), policy.canariesMissedMax());
        }
      }
      return "closed";
    } finally {
      connection.abort(Runnable::run); // a half-open socket would make close() wait
    }
  }

  /// Rings what arrives, for as long as this is the instance's channel.
  ///
  /// @return false when the path is broken
  private boolean forward(PGConnection pg, InstanceId instance) throws SQLException {
    while (closing.getCount() > 0 && self.get().equals(instance)) {
      Pulse.beat();
      if (!canary.send(instance)) {
        return false;
      }
      var heard = pg.getNotifications(wakes.patienceMillis((int) TICK.toMillis()));
      wakes.turn();
      for (var notification : heard == null ? NONE : heard) {
        hear(instance, notification.getParameter());
      }
    }
    return true;
  }

  private void hear(InstanceId instance, String payload) {
    if (canary.heard(instance, payload)) {
      proven(instance);
      return;
    }
    var heard = WakeText.decode(payload);
    heard.wakes().forEach(wakes::add);
    events.emit(new ServerEvent.WakesHeard(heard.wakes().size()));
    if (heard.unreadable() > 0) {
      events.emit(new ServerEvent.WakesUnreadable(heard.unreadable()));
    }
  }

  private void proven(InstanceId instance) {
    if (canary.hearing() && !instance.equals(provenAs)) {
      provenAs = instance;
      failures = 0;
      become(WakeMode.NOTIFY, "the canary came back");
      events.emit(new ServerEvent.ListenerConnected(instance.value()));
      verdict.complete("");
    }
  }

  private static void execute(Connection connection, String command) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  /// Returns when nothing is heard any more. A thread that hangs while it connects is left behind.
  @Override
  public void close() {
    closing.countDown();
    if (thread.isAlive()) {
      try {
        thread.join(CLOSING_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
