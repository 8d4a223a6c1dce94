package trunkline.stream;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import trunkline.announcement.Announcements;
import trunkline.signal.Doorbells;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.telemetry.EventSink;

/// Attaches connections to what may ring them.
final class Attachments {
  private final Doorbells doorbells;
  private final Follower.Announced announced;
  private final ReadLanes lanes;
  private final Followers followers;
  private final EventSink events;

  Attachments(
      Doorbells doorbells,
      Follower.Announced announced,
      ReadLanes lanes,
      Followers followers,
      EventSink events) {
    this.doorbells = doorbells;
    this.announced = announced;
    this.lanes = lanes;
    this.followers = followers;
    this.events = events;
  }

  /// A follower that can be rung, until it is detached.
  record Attached(Follower follower, WakeFlags bell, List<Runnable> bells, Followers followers) {
    void detach() {
      followers.remove(follower);
      bells.forEach(Runnable::run);
    }
  }

  /// Attaches the connection that runs on the calling thread.
  ///
  /// @param gapNotice the messages that tell a client on its standalone stream that it missed some
  /// @param released whether the connection was let go before this began
  Attached attach(
      ClaimedStream claimed,
      Supplier<List<byte[]>> gapNotice,
      BooleanSupplier released,
      Outlet outlet) {
    var bell = new WakeFlags(Thread.currentThread());
    var follower =
        new Follower(
            claimed, lanes, claimed.standalone() ? announced : null, gapNotice, bell, events);
    var attached = new Attached(follower, bell, bells(claimed, follower, bell), followers);
    outlet.whenQuiet(() -> bell.ring(WakeFlags.QUIET));
    followers.add(follower);
    if (released.getAsBoolean()) { // read after adding: a later release rings the follower
      bell.ring(WakeFlags.RELEASE);
    }
    return attached;
  }

  private List<Runnable> bells(ClaimedStream claimed, Follower follower, WakeFlags bell) {
    var own =
        doorbells.listen(List.of(new Wake(Topic.STREAM, claimed.stream().value())), follower::news);
    return claimed.standalone()
        ? List.of(
            own,
            doorbells.listen(
                List.of(Announcements.BUFFER_GREW), () -> bell.ring(WakeFlags.ANNOUNCED)))
        : List.of(own);
  }
}
