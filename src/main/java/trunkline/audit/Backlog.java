package trunkline.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The records that wait to be written, of bounded number and size: where one too many comes, the
/// oldest is dropped and counted, and nobody who serves waits.
final class Backlog {
  private final int max;
  private final long charsMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private long chars;
  private long numbered;
  private int dropped;
  private int urgent;
  private boolean closed;
  private boolean ended;

  /// A record and its number.
  ///
  /// @param stored completes with whether it is; null where nobody waits for it
  record Entry(long number, AuditRecord record, @Nullable CompletableFuture<Boolean> stored) {
    void settle(boolean done) {
      if (stored != null) {
        stored.complete(done);
      }
    }
  }

  Backlog(int max, long charsMax) {
    this.max = max;
    this.charsMax = charsMax;
  }

  /// Takes a record.
  ///
  /// @param stored hurries the writing, where somebody waits for it
  void add(AuditRecord record, @Nullable CompletableFuture<Boolean> stored) {
    var lost = new ArrayList<Entry>();
    lock.lock();
    try {
      var entry = new Entry(++numbered, record, stored);
      waiting.add(entry);
      chars += record.weight();
      urgent += stored == null ? 0 : 1;
      while (waiting.size() > max || chars > charsMax || (ended && !waiting.isEmpty())) {
        lost.add(take());
        dropped++;
      }
      if (waiting.size() == 1 || stored != null || waiting.size() >= max / 2) {
        came.signalAll();
      }
    } finally {
      lock.unlock();
    }
    lost.forEach(entry -> entry.settle(false));
  }

  private Entry take() {
    var entry = waiting.remove();
    chars -= entry.record().weight();
    urgent -= entry.stored() == null ? 0 : 1;
    return entry;
  }

  /// Takes the oldest, at most so many, after waiting for the first one.
  ///
  /// @param gatherMillis waits so long for more, unless somebody waits for one of them
  List<Entry> next(int atMost, long waitMillis, long gatherMillis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      await(1, waitMillis);
      if (!waiting.isEmpty()) {
        await(atMost, gatherMillis);
      }
      var taken = new ArrayList<Entry>(Math.min(atMost, waiting.size()));
      while (taken.size() < atMost && !waiting.isEmpty()) {
        taken.add(take());
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void await(int wanted, long millis) throws InterruptedException {
    var left = TimeUnit.MILLISECONDS.toNanos(millis);
    while (waiting.size() < wanted && urgent == 0 && !closed && left > 0) {
      left = came.awaitNanos(left);
    }
  }

  /// How many were dropped since this was asked last.
  int takeDropped() {
    lock.lock();
    try {
      var since = dropped;
      dropped = 0;
      return since;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /// Drops what is left, and whatever still comes.
  ///
  /// @return how many were dropped that nobody has asked for
  int end() {
    var lost = new ArrayList<Entry>();
    lock.lock();
    try {
      ended = true;
      while (!waiting.isEmpty()) {
        lost.add(take());
        dropped++;
      }
    } finally {
      lock.unlock();
    }
    lost.forEach(entry -> entry.settle(false));
    return takeDropped();
  }

  /// Nothing is waited for any more.
  void close() {
    lock.lock();
    try {
      closed = true;
      came.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
