package trunkline.signal;

import java.time.Duration;
import java.util.HexFormat;
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
/// Used by the listener's thread alone, but for `hearing`, which any thread may read.
final class Probe {
  private static final SqlText SEND =
      SqlText.of(
          """
          -- canary.send: by another connection than the one that listens. Whoever asks for the queue's usage makes the
          -- server let go of what everybody has heard; while the queue is full nothing else does
          SELECT pg_notify(:channel, :payload) FROM pg_notification_queue_usage()
          """);

  private static final String MARK = "?";

  private final Database database;
  private final SignalPolicy policy;
  private final EventSink events;
  private @Nullable Flight flight;
  private long nextNanos;
  private int missed;
  private final Runnable onDoubt;
  private volatile boolean hearing;

  /// One canary on its way. It is late only from the moment its commit was confirmed: a pool that
  /// cannot send says nothing about the listener.
  private static final class Flight {
    final String word = MARK + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    final long startedNanos = System.nanoTime();
    volatile @Nullable Long sentNanos;
    volatile boolean failed;
  }

  /// @param onDoubt runs when it has heard and is no longer known to
  Probe(Database database, SignalPolicy policy, Runnable onDoubt, EventSink events) {
    this.database = database;
    this.policy = policy;
    this.onDoubt = onDoubt;
    this.events = events;
  }

  /// Whether the latest canary came back.
  boolean hearing() {
    return hearing;
  }

  /// A new connection or channel: nothing is proven yet.
  void reset() {
    flight = null;
    missed = 0;
    doubt();
    nextNanos = System.nanoTime();
  }

  /// Whoever rests because of it looks for itself from now on.
  private void doubt() {
    if (hearing) {
      hearing = false;
      onDoubt.run();
    }
  }

  /// Sends when it is time, and judges what has not returned.
  ///
  /// @return false when the path is broken
  boolean send(InstanceId instance) {
    var now = System.nanoTime();
    var current = flight;
    if (current == null) {
      if (now - nextNanos >= 0) {
        flight = launch(instance);
      }
      return true;
    }
    var sent = current.sentNanos;
    if (sent != null && now - sent > policy.canaryPatience().toNanos()) {
      doubt();
      flight = null;
      missed++;
      nextNanos = now;
      events.emit(new ServerEvent.CanaryMissed(instance.value()));
    } else if (current.failed) {
      doubt();
      flight = null;
      nextNanos = now + policy.canaryPatience().toNanos();
    } else if (sent == null && now - current.startedNanos > policy.canaryPatience().toNanos()) {
      doubt(); // the pool is stuck, so nothing is known
    }
    return missed < policy.canariesMissedMax();
  }

  /// Takes a payload that is a canary, be it the one we wait for or an outdated one.
  ///
  /// @return whether it was one
  boolean heard(InstanceId instance, String payload) {
    if (!payload.startsWith(MARK)) {
      return false;
    }
    var current = flight;
    if (current != null && current.word.equals(payload)) {
      var now = System.nanoTime();
      flight = null;
      missed = 0;
      hearing = true;
      nextNanos = now + jittered(policy.canaryInterval());
      events.emit(
          new ServerEvent.CanaryReturned(instance.value(), (now - current.startedNanos) / 1_000));
    }
    return true;
  }

  private Flight launch(InstanceId instance) {
    var fresh = new Flight();
    var _ =
        database
            .start(sql ->
                sql.text(SEND)
                    .set("channel", Channel.of(instance))
                    .set("payload", fresh.word)
                    .rows())
            .whenComplete((_, failure) -> {
              if (failure == null) {
                fresh.sentNanos = System.nanoTime();
              } else {
                fresh.failed = true;
              }
            });
    return fresh;
  }

  private static long jittered(Duration interval) {
    var nanos = interval.toNanos();
    return ThreadLocalRandom.current().nextLong(nanos * 8 / 10, nanos * 12 / 10 + 1);
  }
}
