package trunkline.peer;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.RoundRobin;
import trunkline.testing.TestCluster;

/// A balancer of our own that does what any does: asks who is ready, keeps no affinity.
@Tag("cluster")
class ReadinessTest {
  private static final long INTERVAL_MILLIS = 200;

  @Test
  void no_request_fails_when_instances_leave(TestCluster cluster) throws Exception {
    var balanced = Balanced.over(cluster.with(Load.CATALOG).with("drain-delay", "2s"));
    var all = balanced.urls();
    var ready = ConcurrentHashMap.<URI>newKeySet();
    ready.addAll(all);
    var turn = new AtomicInteger();
    var over = new CountDownLatch(1);
    Thread.startVirtualThread(() -> watch(all, ready, over));
    try (var balancer = RoundRobin.by((_, _) -> next(all, ready, turn));
        var load = new Load(balancer.url(), 8, 60)) {
      load.restartEach(balanced.instances(), cluster);
      load.requireNoFailure();
    } finally {
      over.countDown();
    }
  }

  /// Only one: it is not tried elsewhere, so an instance that was not ready long enough would show.
  private static List<URI> next(
      List<URI> all, ConcurrentHashMap.KeySetView<URI, Boolean> ready, AtomicInteger turn) {
    var living = all.stream().filter(ready::contains).toList();
    return IntStream.of(Math.floorMod(turn.getAndIncrement(), living.size()))
        .mapToObj(living::get)
        .toList();
  }

  private static void watch(
      List<URI> all, ConcurrentHashMap.KeySetView<URI, Boolean> ready, CountDownLatch over) {
    try {
      while (!over.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
        for (var instance : all) {
          if (isReady(instance)) {
            ready.add(instance);
          } else {
            ready.remove(instance);
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isReady(URI instance) {
    try {
      var asked =
          (HttpURLConnection) instance.resolve("/observe/health/ready").toURL().openConnection();
      return asked.getResponseCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }
}
