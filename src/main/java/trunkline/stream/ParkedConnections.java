package trunkline.stream;

import trunkline.store.DatabaseFailure;
import trunkline.stream.Followers.Parked;

/// The connections whose stream another holder took over. Each gets comments only, until the client
/// leaves, the session ends, or too many newer ones are parked.
final class ParkedConnections {
  private final StreamStore store;
  private final Followers followers;

  ParkedConnections(StreamStore store, Followers followers) {
    this.store = store;
    this.followers = followers;
  }

  /// Runs on the client's connection thread.
  void park(ClaimedStream claimed, WakeFlags bell, Outlet outlet) throws InterruptedException {
    var parked = new Parked(claimed.stream(), bell);
    followers.park(claimed.session(), parked);
    try {
      var look = false;
      while (!parked.isEvicted()) {
        var rung = bell.await(WakeFlags.NEWS | WakeFlags.QUIET | WakeFlags.CLOSE | WakeFlags.CUT);
        if ((rung & (WakeFlags.CLOSE | WakeFlags.CUT)) != 0) {
          return;
        }
        look |= (rung & WakeFlags.NEWS) != 0;
        try {
          if (look && store.isFinished(claimed.stream())) {
            return;
          }
          look = false;
        } catch (DatabaseFailure e) {
          // asked again when it is quiet: what is parked stays while the database is away
        }
        if (outlet.isQuiet()) {
          outlet.comment();
          outlet.flush();
        }
      }
    } catch (ClientGone e) {
      // what parking is for: it ended by itself
    } finally {
      followers.unpark(claimed.session(), parked);
    }
  }
}
