package trunkline.memory;

import java.time.Duration;

/// What one request, call or task holds of the [MemoryBudget]. A connection's thread takes and
/// gives back; the calls that it began, on threads of theirs, note their results here, which are
/// the connection's to write. What they were asked is theirs ([#handOver]): a call may outlive its
/// connection.
public final class HeldMemory implements AutoCloseable {
  private static final long MUCH_NANOS_MAX = Duration.ofSeconds(3).toNanos();
  private static final ScopedValue<HeldMemory> HERE = ScopedValue.newInstance();
  private static final HeldMemory NOBODYS =
      new HeldMemory(new MemoryBudget(Long.MAX_VALUE / 2, _ -> {}));

  private final MemoryBudget budget;
  private int owners;
  private long held;
  private long muchSinceNanos;
  private boolean closed;

  HeldMemory(MemoryBudget budget) {
    this(budget, 1);
  }

  private HeldMemory(MemoryBudget budget, int owners) {
    this.budget = budget;
    this.owners = owners;
  }

  /// That of the request which the calling thread serves; one without a budget elsewhere.
  public static HeldMemory here() {
    return HERE.isBound() ? HERE.get() : NOBODYS;
  }

  /// What is held by now, for those to whom it goes: the last to close it gives it back.
  public HeldMemory handOver(int owners) {
    var theirs = new HeldMemory(budget, owners);
    synchronized (this) {
      theirs.held = held;
      held = 0;
    }
    return theirs;
  }

  /// Runs something for whom this is [#here].
  public void run(Runnable work) {
    ScopedValue.where(HERE, this).run(work);
  }

  /// Serves a connection, one request after the other.
  public void serve(Serving connection) throws InterruptedException {
    ScopedValue.where(HERE, this)
        .call(() -> {
          connection.serve();
          return true;
        });
  }

  /// What serves a connection.
  @FunctionalInterface
  public interface Serving {
    void serve() throws InterruptedException;
  }

  /// Takes more, or waits a moment for it.
  ///
  /// @throws MemoryShort when others hold too much
  public void take(long bytes) throws InterruptedException {
    budget.take(bytes, held() + bytes);
    hold(bytes);
  }

  /// Waits a moment while others hold too much, for whoever will hold something soon.
  ///
  /// @throws MemoryShort when they still do
  public void awaitRoom() throws InterruptedException {
    budget.take(0, 0);
  }

  /// Waits a moment as well, and says what came of it.
  public boolean hasRoom() throws InterruptedException {
    try {
      awaitRoom();
      return true;
    } catch (MemoryShort _) {
      return false;
    }
  }

  /// Notes bytes that are there already.
  public void note(long bytes) {
    budget.note(bytes);
    hold(bytes);
  }

  private synchronized long held() {
    return held;
  }

  private void hold(long bytes) {
    synchronized (this) {
      if (!closed) {
        if (held <= MemoryBudget.LITTLE_BYTES) {
          muchSinceNanos = System.nanoTime();
        }
        held += bytes;
        return;
      }
    }
    budget.giveBack(bytes); // the connection is gone
  }

  /// Gives back what was noted or taken before.
  public void giveBack(long bytes) {
    synchronized (this) {
      if (closed) {
        return;
      }
      held -= bytes;
    }
    budget.giveBack(bytes);
  }

  /// Whether this request has held much for a while, and others wait for it: a client whose network
  /// is to blame has to give way.
  public boolean isInTheWay(long nowNanos) {
    if (!budget.isShort()) {
      return false;
    }
    synchronized (this) {
      return held > MemoryBudget.LITTLE_BYTES && nowNanos - muchSinceNanos > MUCH_NANOS_MAX;
    }
  }

  /// Gives everything back, between two requests.
  public void release() {
    long all;
    synchronized (this) {
      all = held;
      held = 0;
    }
    if (all > 0) {
      budget.giveBack(all);
    }
  }

  /// Gives everything back, now and later.
  @Override
  public void close() {
    synchronized (this) {
      if (--owners > 0) {
        return;
      }
      closed = true;
    }
    release();
  }
}
