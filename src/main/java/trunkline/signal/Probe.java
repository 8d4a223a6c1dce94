package trunkline.signal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import trunkline.store.Database;
import trunkline.store.SqlText;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Proves that NOTIFY arrives: a nonce, sent to our own channel through the pool, has to come back
/// through the listener. A dead socket, a transaction pooler and a wrong database all look the
/// same: nothing comes.
///
/// While it is heard it travels with the look around ([Lookout]), which goes once a second anyway;
/// on any doubt, and where no look comes, by itself: what makes the one fail then (a full queue)
/// does not go on failing the other.
///
/// Used by the listener's thread alone, but for `hearing`, which any thread may read.
final class Probe {
  private static final SqlText SEND =
      SqlText.of(
          """
          -- canary.send: by another connection than the one that listens. Whoever asks for the queue's usage makes the
          -- server let go of what everybody has heard; while the queue is full nothing else does
          SELECT pg_notify(:channel, :payload) FROM pg_notification_queue_usage()
          """);

  private final Database database;
  private final SignalPolicy policy;
  private final Lookout lookout;
  private final EventSink events;
  private @Nullable Canary flight;
  private long offerNanos;
  private long nextNanos;
  private int missed;
  private volatile boolean hearing;

  /// @param lookout takes canaries along, and is told when it has heard and is no longer known to
  Probe(Database database, SignalPolicy policy, Lookout lookout, EventSink events) {
    this.database = database;
    this.policy = policy;
    this.lookout = lookout;
    this.events = events;
  }

  /// Whether the latest canary came back.
  boolean hearing() {
    return hearing;
  }

  /// A new connection or channel: nothing is proven yet.
  void reset() {
    if (flight != null) {
      lookout.withdraw(flight);
      flight = null;
    }
    missed = 0;
    doubt();
    nextNanos = System.nanoTime();
  }

  /// Whoever rests because of it looks for itself from now on.
  private void doubt() {
    if (hearing) {
      hearing = false;
      lookout.ring();
    }
  }

  /// Sends when it is time, and judges what has not returned.
  ///
  /// @return false when the path is broken
  boolean send(InstanceId instance) {
    var now = System.nanoTime();
    var current = flight;
    if (current == null) {
      if (hearing && now - offerNanos >= 0 && lookout.isLooking()) {
        flight = new Canary(Channel.of(instance));
        lookout.offer(flight);
      } else if (now - nextNanos >= 0) {
        flight = launch(instance);
      }
      return true;
    }
    if (lookout.isOffered(current)) {
      if (now - nextNanos >= 0 && lookout.withdraw(current)) {
        flight = launch(instance); // no look came
      }
      return true;
    }
    var sent = current.sentNanos();
    if (sent != null && now - sent > policy.canaryPatience().toNanos()) {
      doubt();
      flight = null;
      missed++;
      nextNanos = now;
      events.emit(new ServerEvent.CanaryMissed(instance.value()));
    } else if (current.hasFailed()) {
      doubt();
      flight = null;
      nextNanos = now + policy.canaryPatience().toNanos();
    } else if (sent == null && now - current.startedNanos() > policy.canaryPatience().toNanos()) {
      doubt(); // the pool is stuck, so nothing is known
    }
    return missed < policy.canariesMissedMax();
  }

  /// Takes a payload that is a canary, be it the one we wait for or an outdated one.
  ///
  /// @return whether it was one
  boolean heard(InstanceId instance, String payload) {
    if (!payload.startsWith(Canary.MARK)) {
      return false;
    }
    var current = flight;
    if (current != null && current.word().equals(payload)) {
      var now = System.nanoTime();
      flight = null;
      missed = 0;
      hearing = true;
      var pause = jittered(policy.canaryInterval());
      offerNanos = now + pause * 2 / 5; // a look comes in what is left: it is sent no later for it
      nextNanos = now + pause;
      events.emit(
          new ServerEvent.CanaryReturned(instance.value(), (now - current.startedNanos()) / 1_000));
    }
    return true;
  }

  private Canary launch(InstanceId instance) {
    var fresh = new Canary(Channel.of(instance));
    var _ =
        database
            .start(sql ->
                sql.text(SEND).set("channel", fresh.channel()).set("payload", fresh.word()).rows())
            .whenComplete((_, failure) -> {
              if (failure == null) {
                fresh.sent();
              } else {
                fresh.failUnlessSent();
              }
            });
    return fresh;
  }

  private static long jittered(Duration interval) {
    var nanos = interval.toNanos();
    return ThreadLocalRandom.current().nextLong(nanos * 8 / 10, nanos * 12 / 10 + 1);
  }
}
