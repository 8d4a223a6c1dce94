package trunkline.catalog;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.feature.Catalog;

/// A catalog while an instance serves it. What belongs to it stays open until the last handler has
/// ended, however long that takes: a handler may hear no interrupt.
public final class ServedCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(ServedCatalog.class);

  private final Catalog catalog;
  private final AtomicBoolean released = new AtomicBoolean();

  /// Each handler has one while it runs. Who has all of them knows that no handler runs.
  private final Semaphore running = new Semaphore(Integer.MAX_VALUE);

  /// @throws IllegalStateException when what belongs to the catalog is closed already
  public ServedCatalog(Catalog catalog) {
    this.catalog = catalog;
    catalog.retain();
  }

  public Catalog catalog() {
    return catalog;
  }

  /// A handler begins.
  public void enter() {
    running.acquireUninterruptibly();
  }

  /// A handler has ended.
  public void leave() {
    running.release();
  }

  /// Gives the catalog back after its last handler. Waits for that so long, and leaves the rest to
  /// a thread that waits on.
  public void close(Duration patience) {
    if (awaitLast(patience)) {
      release();
    } else {
      LOG.warn("handlers go on after the server has stopped; their catalog is closed after them");
      Thread.ofVirtual()
          .name("catalog-close")
          .start(() -> {
            var _ = awaitLast(Duration.ofNanos(Long.MAX_VALUE));
            release();
          });
    }
  }

  /// @return whether no handler runs
  private boolean awaitLast(Duration patience) {
    try {
      var ended = running.tryAcquire(Integer.MAX_VALUE, patience.toNanos(), TimeUnit.NANOSECONDS);
      if (ended) {
        running.release(Integer.MAX_VALUE); // one that begins late finds its catalog closed
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void release() {
    if (released.compareAndSet(false, true)) {
      catalog.release(e -> LOG.warn("what belongs to the catalog was not closed", e));
    }
  }
}
