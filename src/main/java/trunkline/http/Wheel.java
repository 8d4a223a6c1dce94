package trunkline.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that looks at every open exchange a few times per keep-alive interval: rings streams
/// that were quiet and cuts off connections that hang. It writes to no socket itself, so a slow
/// client delays nobody.
final class Wheel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wheel.class);

  /// What is looked at; must not block.
  @FunctionalInterface
  interface Spoke {
    void turn(long nowNanos);
  }

  private final Set<Spoke> spokes = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  private Wheel(Duration tick) {
    this.thread =
        Thread.ofPlatform().name("trunkline-wheel").daemon().unstarted(() -> repeat(tick));
  }

  static Wheel start(Duration tick) {
    var wheel = new Wheel(tick);
    wheel.thread.start();
    return wheel;
  }

  void add(Spoke spoke) {
    spokes.add(spoke);
  }

  void remove(Spoke spoke) {
    spokes.remove(spoke);
  }

  private void repeat(Duration tick) {
    try {
      while (!stopping.await(tick.toNanos(), TimeUnit.NANOSECONDS)) {
        turnOnce();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void turnOnce() {
    for (var spoke : spokes) {
      try {
        spoke.turn(System.nanoTime());
      } catch (RuntimeException | Error e) { // one bad ring must not stop the others
        LOG.error("a stream's ring failed", e);
      }
    }
  }

  @Override
  public void close() {
    stopping.countDown();
  }
}
