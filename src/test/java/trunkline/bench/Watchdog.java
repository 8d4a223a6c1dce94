package trunkline.bench;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Closes connections whose reader has waited too long: a blocking read has no end of its own, and
/// comments that keep a stream alive are no answer. One thread, which looks at them once a second;
/// for who reads it costs two volatile writes.
final class Watchdog {
  private static final Set<Wire> WIRES = ConcurrentHashMap.newKeySet();

  static {
    Thread.ofPlatform().name("watchdog").daemon().start(Watchdog::look);
  }

  private Watchdog() {}

  static void watch(Wire wire) {
    WIRES.add(wire);
  }

  static void leave(Wire wire) {
    WIRES.remove(wire);
  }

  private static void look() {
    try {
      while (true) {
        Pause.ofMillis(1_000);
        var now = System.nanoTime();
        for (var wire : WIRES) {
          wire.closeIfOverdue(now, TimeUnit.SECONDS.toNanos(Patience.SECONDS));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
