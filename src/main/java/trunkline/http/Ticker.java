package trunkline.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.telemetry.Pulse;

/// One thread that checks every open exchange a few times per keep-alive interval: wakes streams
/// that were quiet and cuts off connections that hang. It writes to no socket itself, so a slow
/// client delays nobody.
final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  /// The checked party; must not block.
  @FunctionalInterface
  interface Ticked {
    void turn(long nowNanos);
  }

  private final Set<Ticked> spokes = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  private Ticker(String name, Duration tick) {
    this.thread =
        Thread.ofPlatform().name(name).daemon().unstarted(Pulse.of(name, () -> repeat(tick)));
  }

  static Ticker start(String name, Duration tick) {
    var wheel = new Ticker(name, tick);
    wheel.thread.start();
    return wheel;
  }

  void add(Ticked spoke) {
    spokes.add(spoke);
  }

  void remove(Ticked spoke) {
    spokes.remove(spoke);
  }

  private void repeat(Duration tick) {
    try {
      while (!stopping.await(tick.toNanos(), TimeUnit.NANOSECONDS)) {
        turnOnce();
        Pulse.rest(tick);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void turnOnce() {
    for (var spoke : spokes) {
      try {
        spoke.turn(System.nanoTime());
      } catch (RuntimeException e) { // one failure must not stop others
        LOG.error("a stream's ring failed", e);
      }
    }
  }

  @Override
  public void close() {
    stopping.countDown();
  }
}
