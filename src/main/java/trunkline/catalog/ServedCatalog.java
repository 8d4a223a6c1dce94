package trunkline.catalog;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.feature.Catalog;

/// A catalog while an instance serves it. What belongs to it stays open until the last handler has
/// ended, however long that takes: a handler may hear no interrupt.
public final class ServedCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(ServedCatalog.class);

  private final Catalog catalog;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private int handlers;
  private boolean released;

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
    lock.lock();
    handlers++;
    lock.unlock();
  }

  /// A handler has ended.
  public void leave() {
    lock.lock();
    handlers--;
    ended.signalAll();
    lock.unlock();
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
    lock.lock();
    try {
      var left = patience.toNanos();
      while (handlers > 0 && left > 0) {
        left = ended.awaitNanos(left);
      }
      return handlers == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void release() {
    lock.lock();
    try {
      if (released) {
        return;
      }
      released = true;
    } finally {
      lock.unlock();
    }
    catalog.release(e -> LOG.warn("what belongs to the catalog was not closed", e));
  }
}
