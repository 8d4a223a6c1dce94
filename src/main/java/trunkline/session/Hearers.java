package trunkline.session;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import trunkline.cluster.Registration;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.signal.Waker;
import trunkline.store.DatabaseFailure;
import trunkline.store.Interruption;

/// The other instances that remember sessions, for whom a change waits before it is answered.
///
/// One statement where nobody remembers anything. Else those that are behind are rung and ring
/// back; one that is frozen, cut off or dead has no licence any more by the time the wait ends.
final class Hearers {
  /// As long as a licence may last that began before the change was committed, and a margin for
  /// clocks that do not run alike.
  static final Duration PATIENCE = Hearing.LICENCE.plusMillis(200);

  private static final Duration PAUSE_MIN = Duration.ofMillis(20);
  private static final Duration PAUSE_MAX = Duration.ofMillis(160);

  private final HearingRows rows;
  private final Supplier<Registration> self;
  private final Doorbells doorbells;
  private final Waker waker;

  Hearers(HearingRows rows, Supplier<Registration> self, Doorbells doorbells, Waker waker) {
    this.rows = rows;
    this.self = self;
    this.doorbells = doorbells;
    this.waker = waker;
  }

  /// Returns when no instance uses what it remembers from before the call: what the caller has
  /// committed holds for every request that begins from now on.
  void await() {
    var until = System.nanoTime() + PATIENCE.toNanos();
    var asked = new HashSet<InstanceId>();
    var change = -1L;
    var pause = PAUSE_MIN;
    try (var heard = doorbells.subscribe(List.of(Hearing.HEARD))) {
      while (true) {
        try {
          var hearers = rows.hearers(self.get().id());
          if (change < 0) {
            change = hearers.newest();
          }
          var behind = hearers.behind(change);
          if (behind.isEmpty()) {
            return;
          }
          behind.stream()
              .filter(asked::add)
              .forEach(one -> waker.wake(one, List.of(Hearing.ASKED)));
        } catch (DatabaseFailure e) {
          // who cannot know waits until no licence is left
        }
        var left = Duration.ofNanos(until - System.nanoTime());
        if (!left.isPositive()) {
          return;
        }
        heard.bell().await(left.compareTo(pause) < 0 ? left : pause);
        pause = pause.compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : pause;
      }
    } catch (InterruptedException e) {
      throw Interruption.restored("interrupted before every instance had heard", e);
    }
  }
}
