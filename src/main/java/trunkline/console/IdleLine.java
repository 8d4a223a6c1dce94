package trunkline.console;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import trunkline.store.DirectConnection;

/// Keeps a connection from one page to the next, for some seconds: to connect takes as long as most
/// pages, and a new backend reads of the catalog what the one before knew. While somebody looks at
/// the overview, which refreshes itself, it is one login instead of one in two seconds.
final class IdleLine {
  private static final Duration IDLE_MAX = Duration.ofSeconds(5);

  /// What a backend has in its memory grows.
  private static final Duration LIFE_MAX = Duration.ofMinutes(1);

  private final AtomicReference<@Nullable Idle> kept = new AtomicReference<>();
  private volatile boolean closed;

  /// One time that it is kept; the same connection may be kept again.
  private record Idle(Line line) {}

  /// A connection.
  ///
  /// @param nanos when it was opened
  record Line(DirectConnection connection, long nanos) {
    static Line of(DirectConnection connection) {
      return new Line(connection, System.nanoTime());
    }

    private boolean isOld() {
      return System.nanoTime() - nanos > LIFE_MAX.toNanos();
    }

    void close() {
      connection.close();
    }
  }

  /// The one that is kept; it is the caller's then.
  Optional<Line> take() {
    return Optional.ofNullable(kept.getAndSet(null)).map(Idle::line);
  }

  /// Keeps it for whoever comes next, and closes it where nobody does or another is kept already.
  void keep(Line line) {
    var idle = new Idle(line);
    if (!closed && !line.isOld() && kept.compareAndSet(null, idle)) {
      if (closed) {
        drop();
      }
      Thread.ofVirtual().name("trunkline-console-idle").start(() -> expire(idle));
    } else {
      line.close();
    }
  }

  /// Closes the one that is kept.
  void drop() {
    take().ifPresent(Line::close);
  }

  /// Keeps none from now on.
  void close() {
    closed = true;
    drop();
  }

  private void expire(Idle idle) {
    try {
      Thread.sleep(IDLE_MAX);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // it has been long enough
    }
    if (kept.compareAndSet(idle, null)) {
      idle.line.close();
    }
  }
}
