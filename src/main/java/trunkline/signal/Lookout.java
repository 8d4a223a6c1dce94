package trunkline.signal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Whether one look, once a second, sees what several loops of this instance would look for. While
/// it does, and NOTIFY is proven to arrive, they rest: whoever looks rings them when there is
/// something. On the first doubt of either they are rung, and look for themselves.
public final class Lookout {
  /// A few looks that did not come.
  private static final Duration FRESH_MAX = Duration.ofSeconds(3);

  private final List<Runnable> resting = new CopyOnWriteArrayList<>();
  private volatile boolean looking;
  private volatile long lookedNanos;

  /// A look has succeeded; what it saw is rung.
  public void looked() {
    lookedNanos = System.nanoTime();
    looking = true;
  }

  /// A look has failed.
  public void lost() {
    looking = false;
    ring();
  }

  /// Everybody who rests looks for itself now.
  void ring() {
    resting.forEach(Runnable::run);
  }

  boolean isLooking() {
    return looking && System.nanoTime() - lookedNanos < FRESH_MAX.toNanos();
  }

  void rest(Runnable bell) {
    resting.add(bell);
  }
}
