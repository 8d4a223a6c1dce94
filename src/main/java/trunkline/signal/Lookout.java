package trunkline.signal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Whether one look, once a second, sees what several loops of this instance would look for. While
/// it does, and NOTIFY is proven to arrive, they rest: whoever looks rings them when there is
/// something. On the first doubt of either they are rung, and look for themselves.
public final class Lookout {
  /// A few looks that did not come.
  private static final Duration FRESH_MAX = Duration.ofSeconds(3);

  private final List<Runnable> resting = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Canary> passenger = new AtomicReference<>();
  private volatile boolean looking;
  private volatile long askedNanos;

  /// A look has succeeded; what it saw is rung.
  ///
  /// @param nanos when it was asked, by the local monotonic clock
  public void looked(long nanos) {
    askedNanos = nanos;
    looking = true;
  }

  /// When the latest look was asked that has succeeded: it saw what was committed before.
  public long askedNanos() {
    return askedNanos;
  }

  /// The next look is to take it along, which saves a statement.
  void offer(Canary canary) {
    passenger.set(canary);
  }

  /// Takes it back, and says whether no look has taken it.
  boolean withdraw(Canary canary) {
    return passenger.compareAndSet(canary, null);
  }

  /// Whether it waits for a look.
  boolean isOffered(Canary canary) {
    return passenger.get() == canary;
  }

  /// What the look that begins has to send; whoever takes it says what became of it.
  public Optional<Canary> takeAlong() {
    var canary = passenger.get();
    if (canary == null) {
      return Optional.empty();
    }
    canary.start();
    return withdraw(canary) ? Optional.of(canary) : Optional.empty();
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
    return looking && System.nanoTime() - askedNanos < FRESH_MAX.toNanos();
  }

  void rest(Runnable bell) {
    resting.add(bell);
  }
}
