package trunkline.console;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is read once in a while however many ask for it, and not at all while nobody does.
///
/// Who asks while another reads gets what that one has read, unless it takes too long: nobody
/// queues up behind a database that does not answer.
final class Shared<T> {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ReentrantLock reading = new ReentrantLock(true);
  private final Duration fresh;
  private final Predicate<T> worthy;
  private volatile @Nullable Held<T> held;

  /// @param nanos when it was asked for
  private record Held<T>(T value, long nanos) {
    boolean isFresh(Duration fresh) {
      return System.nanoTime() - nanos < fresh.toNanos();
    }
  }

  /// How to read it.
  @FunctionalInterface
  interface Reading<T> {
    /// Reads.
    ///
    /// @param former what was read before, however long ago
    T after(@Nullable T former) throws InterruptedException;
  }

  /// @param fresh how long what was read is good
  /// @param worthy whether it is kept at all
  Shared(Duration fresh, Predicate<T> worthy) {
    this.fresh = fresh;
    this.worthy = worthy;
  }

  /// What was read, now or lately.
  ///
  /// @throws ConsoleBusy when another reads for too long
  T now(Reading<T> how) throws InterruptedException {
    var known = held;
    if (known != null && known.isFresh(fresh)) {
      return known.value;
    }
    if (!reading.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new ConsoleBusy("somebody else looks at the same, and the database is slow");
    }
    try {
      return read(how);
    } finally {
      reading.unlock();
    }
  }

  private T read(Reading<T> how) throws InterruptedException {
    var former = held;
    if (former != null && former.isFresh(fresh)) {
      return former.value;
    }
    var asked = System.nanoTime();
    var value = how.after(former == null ? null : former.value);
    if (worthy.test(value)) {
      held = new Held<>(value, asked);
    }
    return value;
  }
}
