package trunkline.feature;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is to be closed with a catalog, by the last of those who serve it.
final class Belongings {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private int holders;
  private boolean closed;

  synchronized void add(AutoCloseable belonging) {
    open.push(belonging);
  }

  synchronized void retain() {
    if (closed) {
      throw new IllegalStateException(
          "the catalog was served before, and what belongs to it is closed: build another");
    }
    holders++;
  }

  /// The latest first. Outside of the lock: it may take its time.
  void release(Consumer<Exception> failed) {
    synchronized (this) {
      if (--holders > 0) {
        return;
      }
      closed = !open.isEmpty();
    }
    for (var next = next(); next != null; next = next()) {
      try {
        next.close();
      } catch (Exception e) {
        failed.accept(e);
      }
    }
  }

  private synchronized @Nullable AutoCloseable next() {
    return open.poll();
  }
}
