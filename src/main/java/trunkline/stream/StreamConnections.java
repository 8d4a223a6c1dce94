package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import trunkline.store.DatabaseFailure;
import trunkline.stream.Attachments.Attached;

/// The connections of this instance: each runs a [Follower], leaves its last position, and is
/// parked when another holder took the stream over.
final class StreamConnections {
  private final Attachments attachments;
  private final ParkedConnections parked;
  private final Positions positions;
  private final ConnectionReports reports;
  private final Duration retry;

  StreamConnections(
      Attachments attachments,
      ParkedConnections parked,
      Positions positions,
      ConnectionReports reports,
      Duration retry) {
    this.attachments = attachments;
    this.parked = parked;
    this.positions = positions;
    this.reports = reports;
    this.retry = retry;
  }

  /// Runs on the client's connection thread until the connection is of no more use.
  ///
  /// @param gapNotice the messages that tell a client on its standalone stream that it missed some
  /// @param released whether the connection was let go before this began
  void follow(
      ClaimedStream claimed,
      Supplier<List<byte[]>> gapNotice,
      BooleanSupplier released,
      Outlet outlet)
      throws InterruptedException {
    var attached = attachments.attach(claimed, gapNotice, released, outlet);
    var reason = CloseReason.CLIENT_LEFT; // also what an interrupt of the connection means
    try {
      reports.opened(claimed);
      reason = run(attached.follower(), outlet);
    } finally {
      detach(attached, reason);
    }
    if (reason == CloseReason.TAKEN_OVER) {
      parked.park(claimed, attached.bell(), outlet);
    }
  }

  private CloseReason run(Follower follower, Outlet outlet) throws InterruptedException {
    try {
      return ended(follower.run(outlet, retry), outlet);
    } catch (ClientGone e) {
      return switch (e.why()) {
        case SLOW -> CloseReason.SLOW;
        case LEFT -> CloseReason.CLIENT_LEFT;
      };
    } catch (DatabaseFailure e) {
      sendRetry(outlet, jitterMillis());
      return CloseReason.DATABASE_AWAY;
    }
  }

  private CloseReason ended(Follower.End end, Outlet outlet) {
    return switch (end) {
      case ENDED -> CloseReason.ENDED;
      case SUPERSEDED -> CloseReason.TAKEN_OVER;
      case GAP -> CloseReason.SLOW; // it comes back with its old id and is notified
      case CLOSING -> {
        sendRetry(outlet, jitterMillis());
        yield CloseReason.DRAINED;
      }
      case RELEASED -> {
        sendRetry(outlet, 0);
        yield CloseReason.RELEASED;
      }
    };
  }

  private long jitterMillis() {
    return ThreadLocalRandom.current().nextLong(1 + retry.toMillis());
  }

  private void sendRetry(Outlet outlet, long jitterMillis) {
    outlet.retry(retry.plusMillis(jitterMillis));
    outlet.flush();
  }

  private void detach(Attached attached, CloseReason reason) {
    attached.detach();
    var follower = attached.follower();
    var written = positions.close(follower.claimed(), follower.cursor(), reason);
    reports.closed(follower.claimed(), reason, written);
  }
}
