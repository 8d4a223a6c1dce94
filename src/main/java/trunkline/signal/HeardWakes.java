package trunkline.signal;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Wake-ups on their way from the listener to the doorbells: the same one at most once in five
/// milliseconds, since anybody who may connect may NOTIFY, and a ring makes somebody ask the
/// database. One that comes too soon is rung at the end of its time. For the listener's thread.
final class HeardWakes {
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /// Kept apart in one window; beyond it whole topics are rung.
  private static final int WAKES_MAX = 10_000;

  private final Consumer<Wake> ring;
  private final Set<Wake> rung = new LinkedHashSet<>();
  private final Set<Wake> later = new LinkedHashSet<>();
  private long windowNanos = System.nanoTime();

  HeardWakes(Consumer<Wake> ring) {
    this.ring = ring;
  }

  void add(Wake wake) {
    turn();
    var one = rung.size() + later.size() < WAKES_MAX ? wake : Wake.all(wake.topic());
    if (rung.add(one)) {
      ring.accept(one);
    } else {
      later.add(one);
    }
  }

  /// Rings what had to wait, when its time has come.
  void turn() {
    var now = System.nanoTime();
    if (now - windowNanos < WINDOW_NANOS) {
      return;
    }
    windowNanos = now;
    rung.clear();
    rung.addAll(later);
    later.clear();
    rung.forEach(ring);
  }

  /// How long the listener may wait for more.
  int patienceMillis(int most) {
    return later.isEmpty() ? most : (int) TimeUnit.NANOSECONDS.toMillis(WINDOW_NANOS);
  }
}
