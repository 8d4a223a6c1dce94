package trunkline.http;

import java.time.Duration;
import trunkline.memory.HeldMemory;

/// Bounds how long a request's own thread may hang in its socket. Socket time-outs cover reads, not
/// writes; interrupting a virtual thread that blocks in a socket closes that socket, so this covers
/// both, and what waits for its network while it holds memory that others wait for. The interrupt
/// comes only between [#arm] and [#disarm]: nothing else is ever interrupted.
final class SocketDeadline implements Ticker.Ticked {
  private final Thread thread = Thread.currentThread();
  private final HeldMemory held = HeldMemory.here();
  private final Runnable onCut;
  private boolean armed;
  private boolean cut;
  private long deadlineNanos;

  SocketDeadline(Runnable onCut) {
    this.onCut = onCut;
  }

  synchronized void arm(Duration limit) {
    deadlineNanos = System.nanoTime() + limit.toNanos();
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
      onCut.run();
      thread.interrupt(); // after the event: the log then says why it ends
    }
  }
}
