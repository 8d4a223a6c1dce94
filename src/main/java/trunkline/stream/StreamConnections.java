package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.store.DatabaseFailure;
import trunkline.stream.Attachments.Attached;
import trunkline.stream.Outlet.Feed;

/// The connections of this instance: each runs a [Follower], leaves its last position, and is
/// parked when another holder took the stream over.
final class StreamConnections {
  private final Attachments attachments;
  private final ParkedConnections parked;
  private final Holdings holdings;
  private final Duration retry;

  StreamConnections(
      Attachments attachments, ParkedConnections parked, Holdings holdings, Duration retry) {
    this.attachments = attachments;
    this.parked = parked;
    this.holdings = holdings;
    this.retry = retry;
  }

  /// The feed of a client's GET: its priming event, where it has one, needs no write of its own.
  Feed feed(ClaimedStream claimed, Supplier<List<byte[]>> gapNotice) {
    return new Feed() {
      private ClaimedStream begun = claimed;

      @Override
      public void begin(Outlet outlet) {
        if (claimed.primes()) {
          outlet.prime(claimed.primingText(), retry);
          begun = claimed.afterPriming();
        } else {
          outlet.comment();
        }
      }

      @Override
      public void run(Outlet outlet) throws InterruptedException {
        follow(begun, gapNotice, () -> false, outlet);
      }
    };
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
    var next = Optional.of(claimed);
    while (next.isPresent()) {
      next = followOnce(next.get(), gapNotice, released, outlet);
    }
  }

  /// @return the stream again, when it was lost to a newer connection and that one is gone
  private Optional<ClaimedStream> followOnce(
      ClaimedStream claimed,
      Supplier<List<byte[]>> gapNotice,
      BooleanSupplier released,
      Outlet outlet)
      throws InterruptedException {
    var end = new Ending(claimed);
    try {
      var attached = attachments.attach(claimed, gapNotice, released, outlet);
      end.attached = attached;
      end.reason = run(attached, outlet);
    } catch (InterruptedException e) {
      end.reason = CloseReason.CLIENT_LEFT; // what an interrupt of the connection means
      throw e;
    } finally {
      detach(end);
    }
    if (end.reason != CloseReason.TAKEN_OVER || end.attached == null) {
      return Optional.empty();
    }
    return switch (parked.park(end.attached, outlet)) {
      case ParkedConnections.Again(var again) -> Optional.of(again);
      case ParkedConnections.Over _ -> Optional.empty();
      case ParkedConnections.InDoubt _ -> {
        sendRetry(outlet, jitterMillis(1));
        yield Optional.empty();
      }
    };
  }

  /// How far a connection came, and why it ended: unless something else is known, for a defect.
  private static final class Ending {
    final ClaimedStream claimed;
    @Nullable Attached attached;
    CloseReason reason = CloseReason.ABANDONED;

    Ending(ClaimedStream claimed) {
      this.claimed = claimed;
    }
  }

  private CloseReason run(Attached attached, Outlet outlet) throws InterruptedException {
    try {
      return followed(attached, outlet);
    } catch (ClientGone e) { // while it was written to, or sent away
      return switch (e.why()) {
        case SLOW -> CloseReason.SLOW;
        case LEFT, DISMISSED -> CloseReason.CLIENT_LEFT; // it comes back, or not
      };
    }
  }

  private CloseReason followed(Attached attached, Outlet outlet) throws InterruptedException {
    try {
      return ended(attached.follower().run(outlet, retry), outlet, attached);
    } catch (DatabaseFailure e) {
      sendRetry(outlet, jitterMillis(1));
      return CloseReason.DATABASE_AWAY;
    }
  }

  private CloseReason ended(Follower.End end, Outlet outlet, Attached attached) {
    return switch (end) {
      case ENDED -> CloseReason.ENDED;
      case SUPERSEDED -> CloseReason.TAKEN_OVER;
      case GAP -> CloseReason.SLOW; // it comes back with its old id and is notified
      case CLOSING -> {
        sendRetry(outlet, jitterMillis(attached.followers().crowd()));
        yield CloseReason.DRAINED;
      }
      case RELEASED -> {
        sendRetry(outlet, 0);
        yield CloseReason.RELEASED;
      }
      case MOVED -> {
        outlet.hint(Objects.requireNonNull(attached.follower().movesTo()));
        sendRetry(outlet, jitterMillis(1));
        yield CloseReason.MIGRATED;
      }
    };
  }

  /// Clients come back one by one, at most a thousand in a second.
  private long jitterMillis(int crowd) {
    return ThreadLocalRandom.current().nextLong(1 + Math.max(retry.toMillis(), crowd));
  }

  private void sendRetry(Outlet outlet, long jitterMillis) {
    outlet.retry(retry.plusMillis(jitterMillis));
    outlet.flush();
  }

  private void detach(Ending end) {
    var attached = end.attached;
    if (attached == null) {
      holdings.close(end.claimed.holding(), null, end.reason);
      return;
    }
    attached.detach();
    holdings.close(end.claimed.holding(), attached.follower().cursor(), end.reason);
  }
}
