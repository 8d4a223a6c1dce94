package trunkline.exchange;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.exchange.PendingRows.Settled;
import trunkline.signal.Doorbell;

/// The wait for a question's outcome. One thread waits; the poll reports to it what it found, as
/// often as it likes.
final class PendingAnswer {
  private final AskTimeouts waiting;
  private final LongSupplier nanos;
  private final Doorbell bell = new Doorbell();
  private final AtomicReference<@Nullable Settled> settled = new AtomicReference<>();
  private final AtomicReference<@Nullable QuestionProgress> newest = new AtomicReference<>();
  private double notified = Double.NEGATIVE_INFINITY;

  /// @param nanos a clock such as [System#nanoTime]
  PendingAnswer(AskTimeouts waiting, LongSupplier nanos) {
    this.waiting = waiting;
    this.nanos = nanos;
  }

  boolean wantsProgress() {
    return waiting.progress() != null;
  }

  /// Whether that was new.
  boolean settle(Settled how) {
    var isNew = settled.compareAndSet(null, how);
    bell.ring();
    return isNew;
  }

  /// Whether that was new: the row keeps the newest, so it is read again with every poll.
  boolean advance(QuestionProgress reached) {
    var before = newest.getAndAccumulate(reached, PendingAnswer::further);
    var isNew = before == null || reached.progress() > before.progress();
    if (isNew) {
      bell.ring();
    }
    return isNew;
  }

  private static @Nullable QuestionProgress further(
      @Nullable QuestionProgress one, @Nullable QuestionProgress other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return other.progress() > one.progress() ? other : one;
  }

  /// Waits, reporting progress on the way.
  ///
  /// @return empty when the patience is over
  Optional<Settled> await() throws InterruptedException {
    var start = nanos.getAsLong();
    var since = start;
    while (true) {
      var how = settled.get(); // before the progress: that is older than the answer
      if (notifyListener()) {
        since = nanos.getAsLong();
      }
      if (how != null) {
        return Optional.of(how);
      }
      var now = nanos.getAsLong();
      var left =
          Math.min(
              waiting.patience().toNanos() - (now - since),
              waiting.atMost().toNanos() - (now - start));
      if (left <= 0) {
        return Optional.empty();
      }
      bell.await(Duration.ofNanos(left));
    }
  }

  private boolean notifyListener() {
    var listener = waiting.progress();
    var reached = newest.get();
    if (listener == null || reached == null || reached.progress() <= notified) {
      return false;
    }
    notified = reached.progress();
    listener.accept(reached);
    return true;
  }
}
