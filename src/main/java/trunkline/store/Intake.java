package trunkline.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What is handed to a lane's thread: a bounded queue that leaves nothing behind when it ends.
///
/// Whoever hands in may have seen an open queue just before its end, and put something there just
/// after the lane has emptied it for the last time. So the end is noted *before* that, and whoever
/// hands in looks *after* it did: one of the two finds what would be left.
///
/// @param <T> something with a promise
public final class Intake<T> {
  private static final long PAUSE_MILLIS = 100;

  private final BlockingQueue<T> queue;
  private final BiConsumer<T, CancellationException> refusal;
  private volatile boolean closed;
  private volatile boolean ended;

  /// @param refusal breaks the promise of something that will not be served
  public Intake(int max, BiConsumer<T, CancellationException> refusal) {
    this(new ArrayBlockingQueue<>(max), refusal);
  }

  Intake(BlockingQueue<T> queue, BiConsumer<T, CancellationException> refusal) {
    this.queue = queue;
    this.refusal = refusal;
  }

  /// Hands in. Waits while the queue is full, which an interrupt ends; where there is room an
  /// interrupt costs nothing.
  public void submit(T item) {
    try {
      if (closed || !queue.offer(item)) {
        waitForRoom(item);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refusal.accept(item, new CancellationException("interrupted while waiting"));
    }
    if (ended) {
      refuseAll();
    }
  }

  /// Hands in where there is room, and never waits.
  ///
  /// @return false: it was not handed in
  boolean offer(T item) {
    var room = !closed && queue.offer(item);
    if (ended) {
      refuseAll();
    }
    return room;
  }

  private void waitForRoom(T item) throws InterruptedException {
    while (!closed) {
      if (queue.offer(item, PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
    refusal.accept(item, new CancellationException("the server is stopping"));
  }

  /// The next one, waiting so long for it.
  public @Nullable T next(long patienceMillis) throws InterruptedException {
    return Clockwork.next(queue, patienceMillis);
  }

  /// The next one that is there already.
  public @Nullable T next() {
    return queue.poll();
  }

  /// Whether there is nothing to serve now.
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  /// Takes what is there already, at most so much.
  void drainTo(Collection<T> others, int max) {
    queue.drainTo(others, max);
  }

  /// Whether there is, or may come, something to serve.
  public boolean isOpen() {
    return !closed || !queue.isEmpty();
  }

  boolean isClosed() {
    return closed;
  }

  /// Lets nothing more in; what is there is still to be served.
  public void close() {
    closed = true;
  }

  /// Nothing more is served: refuses what is left, and whatever still comes.
  public void end() {
    closed = true;
    ended = true;
    refuseAll();
  }

  private void refuseAll() {
    var left = new ArrayList<T>();
    queue.drainTo(left);
    left.forEach(item -> refusal.accept(item, new CancellationException("the server is stopping")));
  }
}
