package trunkline.stream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import trunkline.store.Clockwork;

/// A doorbell that remembers which of several buttons was pressed, so that a follower woken for an
/// announcement or a keep-alive does not also ask the database for messages. One thread waits.
final class WakeFlags {
  /// The stream may have something new.
  static final int NEWS = 1;

  /// The announcements may have something new.
  static final int ANNOUNCED = 2;

  /// Nothing was written for a while.
  static final int QUIET = 4;

  /// An answer of the database is there.
  static final int ANSWER = 8;

  /// This instance closes its connections.
  static final int CLOSE = 16;

  /// A call lets its connection go and works on.
  static final int RELEASE = 32;

  /// Closing takes too long: nothing of the database is waited for any more.
  static final int CUT = 64;

  /// Nobody holds the stream that this connection had.
  static final int FREE = 128;

  /// The session is wanted on another instance.
  static final int MOVE = 256;

  /// A page is there that was read ahead.
  static final int PAGE = 512;

  private final AtomicInteger rung = new AtomicInteger();
  private final Thread waiter;

  WakeFlags(Thread waiter) {
    this.waiter = waiter;
  }

  void ring(int button) {
    rung.getAndUpdate(before -> before | button);
    LockSupport.unpark(waiter);
  }

  /// Waits, without a time limit, until any of the buttons was pressed; returns and forgets them.
  int await(int buttons) throws InterruptedException {
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      var pressed = rung.getAndUpdate(before -> before & ~buttons) & buttons;
      if (pressed != 0) {
        return pressed;
      }
      Clockwork.park(this, () -> (rung.get() & buttons) != 0);
    }
  }
}
