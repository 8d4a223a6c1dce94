package trunkline.stream;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.AnnouncementKind;
import trunkline.announcement.Announcements;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.signal.Waker;
import trunkline.store.Database;
import trunkline.store.DatabaseUnavailable;
import trunkline.stream.Followers.Parked;
import trunkline.stream.MessageStore.ReadRequest;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The connections of this instance: each runs a [Follower], says its last word, and is parked when
/// somebody else took the stream over.
final class StreamConnections {
  private static final String TAKEN_OVER = "taken over";

  private final Doorbells doorbells;
  private final Waker waker;
  private final Announcements announcements;
  private final Supplier<InstanceId> instance;
  private final EventSink events;
  private final StreamPolicy policy;
  private final Database database;
  private final StreamStore store;
  private final ReadLanes lanes;
  private final Followers followers;
  private final Positions positions;
  private final @Nullable ConnectionChanges news;

  StreamConnections(
      Streams.Below below,
      StreamPolicy policy,
      StreamStore store,
      ReadLanes lanes,
      Followers followers,
      Positions positions) {
    this.database = below.database();
    this.doorbells = below.doorbells();
    this.waker = below.waker();
    this.announcements = below.announcements();
    this.instance = below.instance();
    this.events = below.events();
    this.policy = policy;
    this.store = store;
    this.lanes = lanes;
    this.followers = followers;
    this.positions = positions;
    this.news = policy.announceConnections() ? new ConnectionChanges(below.database()) : null;
    announcements.on(
        AnnouncementKind.SESSION_CHANGED,
        changed -> followers.ringParked(new SessionKey(Long.parseLong(changed.about()))));
  }

  /// Runs on the client's connection thread until the connection is of no more use.
  ///
  /// @param released whether the connection was let go before this began
  void follow(
      ClaimedStream holding,
      Supplier<List<byte[]>> gapNotice,
      BooleanSupplier released,
      Outlet outlet)
      throws InterruptedException {
    var bell = new WakeFlags(Thread.currentThread());
    var follower =
        new Follower(
            holding, lanes, holding.standalone() ? announcements : null, gapNotice, bell, events);
    var leave = doorbells.listen(wakes(holding), () -> bell.ring(WakeFlags.NEWS));
    var deafen =
        holding.standalone()
            ? doorbells.listen(
                List.of(Announcements.RING_GREW), () -> bell.ring(WakeFlags.ANNOUNCED))
            : (Runnable) () -> {};
    outlet.whenQuiet(() -> bell.ring(WakeFlags.QUIET));
    followers.add(follower);
    if (released.getAsBoolean()) { // looked at after adding: a later release rings the follower
      bell.ring(WakeFlags.RELEASE);
    }
    events.emit(
        new ServerEvent.StreamOpened(
            instance.get().value(),
            holding.session().value(),
            holding.stream().value(),
            holding.epoch()));
    if (news != null) {
      news.opened(holding, instance.get());
    }
    var reason = "client left";
    try {
      reason = reasonOf(follower.run(outlet, policy.retry()), outlet);
    } catch (ClientGone e) {
      reason = e.why() == ClientGone.Cause.SLOW ? "slow" : "client left";
    } catch (DatabaseUnavailable e) {
      reason = "database away"; // for a minute by now: the client tries elsewhere
      sayRetry(outlet, ThreadLocalRandom.current().nextLong(1 + policy.retry().toMillis()));
    } finally {
      followers.remove(follower);
      leave.run();
      deafen.run();
      letGo(holding, follower.cursor(), reason);
    }
    if (reason.equals(TAKEN_OVER)) {
      park(holding, bell, outlet);
    }
  }

  private static List<Wake> wakes(ClaimedStream holding) {
    return List.of(new Wake(Topic.STREAM, holding.stream().value()));
  }

  private String reasonOf(Follower.End end, Outlet outlet) {
    return switch (end) {
      case ENDED -> "ended";
      case SUPERSEDED -> TAKEN_OVER;
      case GAP -> {
        yield "slow"; // it comes back with its old id and is told
      }
      case CLOSING -> {
        sayRetry(outlet, ThreadLocalRandom.current().nextLong(1 + policy.retry().toMillis()));
        yield "drained";
      }
      case RELEASED -> {
        sayRetry(outlet, 0);
        yield "released";
      }
    };
  }

  private void sayRetry(Outlet outlet, long jitterMillis) {
    outlet.retry(policy.retry().plusMillis(jitterMillis));
    outlet.flush();
  }

  /// Comments only, until the client leaves, the session ends, or two newer ones are parked.
  private void park(ClaimedStream holding, WakeFlags bell, Outlet outlet)
      throws InterruptedException {
    var parked = new Parked(holding.stream(), bell);
    followers.park(holding.session(), parked);
    try {
      while (!parked.isEvicted()) {
        var rung = bell.await(WakeFlags.NEWS | WakeFlags.QUIET | WakeFlags.CLOSE);
        if ((rung & WakeFlags.CLOSE) != 0
            || ((rung & WakeFlags.NEWS) != 0 && isFinished(holding.stream()))) {
          return;
        }
        if (outlet.isQuiet()) {
          outlet.comment();
          outlet.flush();
        }
      }
    } catch (ClientGone e) {
      // what parking is for: it ended by itself
    } finally {
      followers.unpark(holding.session(), parked);
    }
  }

  private boolean isFinished(StreamId stream) {
    return database.call(c -> store.isFinished(c, stream));
  }

  /// Tells the former holder that it was superseded; it finds out by itself too, when it next
  /// reads.
  void superseded(InstanceId formerInstance, StreamId stream, long formerEpoch) {
    if (formerInstance.equals(instance.get())) {
      followers.ring(stream, formerEpoch);
    } else {
      waker.wake(formerInstance, List.of(new Wake(Topic.STREAM, stream.value())));
    }
  }

  /// Whether a finished stream has nothing after the holding's place.
  boolean hasNothingFor(ClaimedStream holding) {
    var page =
        Database.await(
            lanes.catchUp(
                new ReadRequest(holding.stream(), holding.epoch(), holding.from().own())));
    return page instanceof Page.Found found && found.messages().isEmpty();
  }

  /// Releases a holding that no connection follows any more.
  private void letGo(ClaimedStream holding, EventId cursor, String reason) {
    var closed = positions.close(holding, cursor, reason);
    if (news != null) {
      var self = instance.get();
      var _ = closed.whenComplete((_, _) -> news.closed(holding, self, reason));
    }
    events.emit(
        new ServerEvent.StreamClosed(
            instance.get().value(),
            holding.session().value(),
            holding.stream().value(),
            holding.epoch(),
            reason));
  }

  /// Releases a holding that was claimed in vain.
  void letGo(ClaimedStream holding) {
    var _ = positions.close(holding, holding.from(), "ended");
  }

  /// Lets the connection of a call's stream go, if it is still the one that made the call.
  void release(ClaimedStream holding) {
    followers.ring(holding.stream(), holding.epoch(), WakeFlags.RELEASE);
  }

  int held() {
    return followers.count();
  }

  /// Says no more about connections.
  void silence() {
    if (news != null) {
      news.close();
    }
  }

  /// Ends every connection: followers close with a `retry`, parked ones just end.
  void close() {
    followers.closeAll();
  }
}
