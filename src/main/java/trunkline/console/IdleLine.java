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

  private final AtomicReference<@Nullable Idle> kept = new AtomicReference<>();
  private volatile boolean closed;

  /// One time that it is kept; the same connection may be kept again.
  private record Idle(DirectConnection line) {}

  /// The one that is kept; it is the caller's then.
  Optional<DirectConnection> take() {
    return Optional.ofNullable(kept.getAndSet(null)).map(Idle::line);
  }

  /// Keeps it for whoever comes next, and closes it where nobody does or another is kept already.
  void keep(DirectConnection line) {
    var idle = new Idle(line);
    if (!closed && kept.compareAndSet(null, idle)) {
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
    take().ifPresent(DirectConnection::close);
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
