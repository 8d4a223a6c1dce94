package trunkline.http;

import java.time.Duration;
import trunkline.memory.HeldMemory;

/// Bounds how long a request's own thread may hang in its socket. Socket time-outs cover reads, not
/// writes; interrupting a virtual thread that blocks in a socket closes that socket, so this covers
/// both, and what waits for its network while it holds memory that others wait for. The interrupt
/// comes only between [#arm] and [#disarm]: nothing else is ever interrupted.
///
/// A connection has one as long as it lasts: to begin and to end one with each read and each
/// request cost a fortieth of a call, in the set that [Ticker] walks.
final class SocketDeadline implements Ticker.Ticked {
  private static final ScopedValue<SocketDeadline> HERE = ScopedValue.newInstance();

  private final Thread thread = Thread.currentThread();
  private final HeldMemory held = HeldMemory.here();
  private final Runnable onCut;
  private boolean armed;
  private boolean silent;
  private boolean cut;
  private long deadlineNanos;

  SocketDeadline(Runnable onCut) {
    this.onCut = onCut;
  }

  /// That of the connection which the calling thread serves.
  static SocketDeadline here() {
    return HERE.get();
  }

  /// Serves a connection, for whose requests this is the one [#here].
  void serve(HeldMemory.Serving connection) throws InterruptedException {
    ScopedValue.where(HERE, this)
        .call(() -> {
          connection.serve();
          return true;
        });
  }

  void arm(Duration limit) {
    arm(limit, false);
  }

  /// The same for who has nothing to ask and hangs nobody: his end is no event.
  void armSilently(Duration limit) {
    arm(limit, true);
  }

  private synchronized void arm(Duration limit, boolean silently) {
    deadlineNanos = System.nanoTime() + limit.toNanos();
    silent = silently;
    cut = false;
    armed = true;
  }

  /// Ends the limit.
  ///
  /// @return true when the time expired and the connection is closed
  synchronized boolean disarm() {
    armed = false;
    if (cut) {
      Thread.interrupted(); // ours; must not disturb what follows on this thread
    }
    return cut;
  }

  @Override
  public synchronized void turn(long nowNanos) {
    if (armed && !cut && (nowNanos - deadlineNanos >= 0 || held.isInTheWay(nowNanos))) {
      cut = true;
      if (!silent) {
        onCut.run();
      }
      thread.interrupt(); // after the event: the log then says why it ends
    }
  }
}
