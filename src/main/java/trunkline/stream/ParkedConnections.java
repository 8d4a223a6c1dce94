package trunkline.stream;

import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import trunkline.session.StreamId;
import trunkline.signal.Doorbells;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.store.Clockwork;
import trunkline.store.DatabaseFailure;
import trunkline.store.FailureKind;
import trunkline.stream.Attachments.Attached;
import trunkline.stream.Followers.Parked;
import trunkline.stream.StreamStore.Holding;

/// The connections whose stream another holder took over. Each gets comments only, until the client
/// leaves, the session ends, too many newer ones are parked, or it has the stream again: when
/// nobody holds it any more, the youngest takes it back.
final class ParkedConnections {
  /// Longer than a round trip to most clients, shorter than anybody waits for a message.
  private static final long PROBE_MILLIS = 200;

  private final StreamStore store;
  private final Followers followers;
  private final Claims claims;
  private final Doorbells doorbells;

  ParkedConnections(StreamStore store, Followers followers, Claims claims, Doorbells doorbells) {
    this.store = store;
    this.followers = followers;
    this.claims = claims;
    this.doorbells = doorbells;
  }

  /// The end of parking.
  sealed interface Parking permits Again, Over, InDoubt {}

  /// The stream is this connection's again.
  record Again(ClaimedStream claimed) implements Parking {}

  /// The connection is of no more use.
  record Over() implements Parking {}

  /// The stream may be this connection's or nobody's: its client must come again.
  record InDoubt() implements Parking {}

  /// One look for all parked connections of this instance.
  ///
  /// @return how many were rung
  int look() {
    var parked =
        followers.parked().stream()
            .collect(Collectors.toMap(Parked::former, Function.identity(), (one, _) -> one));
    if (parked.isEmpty()) {
      return 0;
    }
    var offered = new HashSet<StreamId>();
    for (var free : store.unattended(parked.keySet())) {
      if (!offered.add(free.stream())) {
        continue; // an older one of a stream that was offered
      }
      parked.forEach((former, one) -> {
        if (former.stream().equals(free.stream()) && former.epoch() == free.parkedEpoch()) {
          one.offer(free.heldEpoch());
        }
      });
    }
    return offered.size();
  }

  /// Runs on the client's connection thread.
  ///
  /// @param attached what followed the stream until it was superseded
  Parking park(Attached attached, Outlet outlet) throws InterruptedException {
    var claimed = attached.follower().claimed();
    var parked = new Parked(claimed.holding(), attached.bell());
    var unlisten =
        doorbells.listen(
            List.of(new Wake(Topic.STREAM, claimed.stream().value())),
            () -> attached.bell().ring(WakeFlags.NEWS));
    followers.park(claimed.session(), parked);
    try {
      return await(attached, parked, outlet);
    } catch (ClientGone e) {
      return new Over(); // what parking is for: it ended by itself
    } finally {
      followers.unpark(claimed.session(), parked);
      unlisten.run();
    }
  }

  private Parking await(Attached attached, Parked parked, Outlet outlet)
      throws InterruptedException {
    var look = false;
    while (!parked.isEvicted()) {
      var rung =
          attached
              .bell()
              .await(
                  WakeFlags.NEWS
                      | WakeFlags.QUIET
                      | WakeFlags.CLOSE
                      | WakeFlags.CUT
                      | WakeFlags.FREE);
      if ((rung & (WakeFlags.CLOSE | WakeFlags.CUT)) != 0) {
        break;
      }
      look |= (rung & WakeFlags.NEWS) != 0;
      try {
        var end = (rung & WakeFlags.FREE) == 0 ? null : takeBack(attached, parked, outlet);
        if (end == null && look) {
          end = look(parked.former(), parked);
          look = false;
        }
        if (end != null) {
          return end;
        }
      } catch (DatabaseFailure e) {
        if (e.kind() == FailureKind.DOUBTFUL) {
          return new InDoubt();
        }
        // asked again when it is quiet: what is parked stays while the database is away
      }
      if (outlet.isQuiet()) {
        outlet.comment();
        outlet.flush();
      }
    }
    return new Over();
  }

  /// A free stream is taken back first, though it is finished: its client may miss the end.
  private @Nullable Parking look(Holding former, Parked parked) {
    var free = store.unattended(List.of(former));
    if (!free.isEmpty()) {
      parked.offer(free.getFirst().heldEpoch());
      return null;
    }
    return store.isFinished(former.stream()) ? new Over() : null;
  }

  private @Nullable Parking takeBack(Attached attached, Parked parked, Outlet outlet)
      throws InterruptedException {
    probe(outlet);
    var follower = attached.follower();
    var claim = claims.takeBack(follower.claimed(), follower.cursor(), parked.heldEpoch());
    if (claim.isEmpty()) {
      return null;
    }
    return claim.get() instanceof Claim.Granted(var claimed) ? new Again(claimed) : new Over();
  }

  /// The socket of a client that has gone takes one more write, and fails the next when the answer
  /// has come: what is written to it would count as delivered.
  private static void probe(Outlet outlet) throws InterruptedException {
    outlet.comment();
    outlet.flush();
    Clockwork.pause(PROBE_MILLIS);
    outlet.comment();
    outlet.flush();
  }
}
