package trunkline.console;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import trunkline.store.DirectConnection;

/// Keeps a connection from one page to the next, for some seconds: to connect takes as long as most
/// pages, and a new backend reads of the catalog what the one before knew. While somebody looks at
/// the overview, which refreshes itself, it is one login instead of one in two seconds.
final class KeptConnection {
  private static final Duration IDLE_MAX = Duration.ofSeconds(5);

  /// What a backend has in its memory grows.
  private static final Duration LIFE_MAX = Duration.ofMinutes(1);

  private final AtomicReference<@Nullable Opened> kept = new AtomicReference<>();
  private volatile boolean closed;

  /// A connection.
  ///
  /// @param nanos when it was opened
  record Opened(DirectConnection connection, long nanos) {
    static Opened now(DirectConnection connection) {
      return new Opened(connection, System.nanoTime());
    }

    private boolean isOld() {
      return System.nanoTime() - nanos > LIFE_MAX.toNanos();
    }

    void close() {
      connection.close();
    }
  }

  /// The one that is kept; it is the caller's then.
  Optional<Opened> take() {
    return Optional.ofNullable(kept.getAndSet(null));
  }

  /// Keeps it for whoever comes next, and closes it where nobody does or another is kept already.
  void keep(Opened opened) {
    var mine = new Opened(opened.connection, opened.nanos); // this time's: it may be kept again
    if (closed || mine.isOld() || !kept.compareAndSet(null, mine)) {
      mine.close();
      return;
    }
    Thread.ofVirtual().name("trunkline-console-idle").start(() -> expire(mine));
    if (closed) {
      drop();
    }
  }

  /// Closes the one that is kept.
  void drop() {
    take().ifPresent(Opened::close);
  }

  /// Keeps none from now on.
  void close() {
    closed = true;
    drop();
  }

  private void expire(Opened mine) {
    try {
      Thread.sleep(IDLE_MAX);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // it has been long enough
    }
    if (kept.compareAndSet(mine, null)) {
      mine.close();
    }
  }
}
