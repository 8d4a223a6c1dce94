package trunkline.stream;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.session.Session;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Clockwork;
import trunkline.store.DatabaseFailure;
import trunkline.stream.StreamStore.ClaimRow;

/// Claims: how a client's GET gets its stream. The row comes first, and whatever fails after it
/// lets the stream go again. When the row's own answer is lost, the GET claims once more, under the
/// next epoch; the last word of the reader before both still counts.
final class Claims {
  /// A GET without `Last-Event-ID` waits for the last word of the former holder while that is
  /// alive: longer than a statement that meets a lock or loses its connection, shorter than clients
  /// wait for a header. Of a dead one the position of the last flush counts (delivery: S10).
  private static final Duration LAST_WORD_MAX = Duration.ofSeconds(6);

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LAST_PAUSE_MILLIS = 200;

  private final Supplier<InstanceId> self;
  private final StreamStore store;
  private final ReadLanes lanes;
  private final Holders holders;
  private final Holdings holdings;

  Claims(
      Supplier<InstanceId> self,
      StreamStore store,
      ReadLanes lanes,
      Holders holders,
      Holdings holdings) {
    this.self = self;
    this.store = store;
    this.lanes = lanes;
    this.holders = holders;
    this.holdings = holdings;
  }

  /// Makes this instance the holder, unless the place to start from is refused.
  Claim claim(Session session, StreamId stream, @Nullable EventId from, boolean primes)
      throws InterruptedException {
    var row = store.claim(session.key(), stream, from, self.get());
    if (row.isEmpty()) {
      return new Claim.Unknown();
    }
    return switch (row.get().verdict()) {
      case FUTURE -> new Claim.FromTheFuture();
      case GAP -> new Claim.Gap();
      case GRANTED, LOST -> {
        var start = from == null ? new EventId(stream, 0, 0) : from;
        yield granted(
            new ClaimedStream(
                session.key(),
                stream,
                row.get().standalone(),
                row.get().epoch(),
                start,
                row.get().known(),
                primes),
            from,
            row.get());
      }
    };
  }

  /// Makes a connection the holder again that had lost the stream to a newer one, which has gone.
  /// It goes on where the stream's latest reader stopped, and not before where it stopped itself.
  ///
  /// @param place how far the connection came
  /// @param heldEpoch of the latest holder
  /// @return empty when somebody was faster
  Optional<Claim> takeBack(ClaimedStream parked, EventId place, long heldEpoch)
      throws InterruptedException {
    var row = store.claimFree(parked.session(), parked.stream(), heldEpoch, self.get());
    if (row.isEmpty()) {
      return Optional.empty();
    }
    var claim = granted(parked.under(row.get().epoch()), null, row.get());
    return switch (claim) {
      case Claim.Granted(var claimed) ->
          Optional.of(new Claim.Granted(claimed.startingAt(claimed.from().orLater(place))));
      case Claim.NothingLeft _ when !row.get().finished() -> Optional.empty();
      default -> Optional.of(claim);
    };
  }

  private Claim granted(ClaimedStream claimed, @Nullable EventId from, ClaimRow row)
      throws InterruptedException {
    @Nullable CloseReason end = CloseReason.ABANDONED;
    var holding = claimed.holding();
    holdings.opened(holding);
    try (var _ = holdings.claiming(holding)) {
      wakeFormer(claimed, row);
      var start = from == null ? settle(claimed, row) : Optional.of(from);
      if (start.isEmpty()) {
        // Claimed again while we waited. The client has a newer GET; a 400 would end its session.
        end = CloseReason.TAKEN_OVER;
        return new Claim.NothingLeft();
      }
      var placed = claimed.startingAt(start.get());
      if (row.finished() && lanes.hasNothingFor(placed)) {
        end = CloseReason.ENDED;
        return new Claim.NothingLeft();
      }
      end = null;
      return new Claim.Granted(placed);
    } catch (DatabaseFailure e) {
      end = CloseReason.DATABASE_AWAY;
      throw e;
    } finally {
      if (end != null) {
        holdings.close(holding, null, end);
      }
    }
  }

  private void wakeFormer(ClaimedStream claimed, ClaimRow row) {
    if (row.formerInstance() != null) {
      holdings.displaced(claimed.holding());
      holders.wake(row.formerInstance(), claimed.stream(), row.formerEpoch());
    }
    if (!row.formerSettled()) {
      holders.wakeAll(claimed.stream()); // the one whose last word is missing may be anywhere
    }
  }

  /// Where to start: empty when the stream was claimed once more while we waited.
  private Optional<EventId> settle(ClaimedStream claimed, ClaimRow row)
      throws InterruptedException {
    var until = Clockwork.nanos() + LAST_WORD_MAX.toNanos();
    var former = row.formerSettled() ? row.formerInstance() : null;
    var pause = FIRST_PAUSE_MILLIS;
    while (!row.settled()
        && Clockwork.nanos() - until < 0
        && store.awaitsLastWord(claimed.stream(), claimed.epoch(), former)) {
      Clockwork.pause(pause);
      pause = Math.min(2 * pause, LAST_PAUSE_MILLIS);
    }
    return store.settle(claimed.stream(), claimed.epoch());
  }
}
