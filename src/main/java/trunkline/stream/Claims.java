package trunkline.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.session.Session;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Clockwork;
import trunkline.store.Database;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseFailure;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.stream.Slots.Kept;
import trunkline.stream.StreamStore.ClaimRow;
import trunkline.stream.StreamStore.Wanted;

/// Claims: how a client's GET gets its stream. The row comes first, and whatever fails after it
/// lets the stream go again. When the row's own answer is lost, the GET claims once more, under the
/// next epoch; the last word of the reader before both still counts.
final class Claims implements AutoCloseable {
  /// A GET without `Last-Event-ID` waits for the last word of the former holder while that is
  /// alive: longer than a statement that meets a lock or loses its connection, shorter than clients
  /// wait for a header. Of a dead one the position of the last flush counts (delivery: S10).
  private static final Duration LAST_WORD_MAX = Duration.ofSeconds(6);

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LAST_PAUSE_MILLIS = 200;

  /// Never repeated: whoever claims knows what it means that an answer was lost.
  private static final LanePolicy POLICY = new LanePolicy(64, 20_000, Duration.ZERO);

  private static final Kept UNKNOWN = new Kept(Long.MAX_VALUE, ClaimedStream.UNKNOWN, false);

  private final Supplier<InstanceId> self;
  private final StreamStore store;
  private final Slots slots;
  private final Lane<Wanted, Attempt> lane;
  private final ReadLanes lanes;
  private final Holders holders;
  private final Holdings holdings;

  Claims(
      Supplier<InstanceId> self,
      StreamStore store,
      Slots slots,
      ReadLanes lanes,
      Holders holders,
      Holdings holdings) {
    this.self = self;
    this.store = store;
    this.slots = slots;
    this.lane = new Lane<>("trunkline-claims", POLICY, this::attempt);
    this.lanes = lanes;
    this.holders = holders;
    this.holdings = holdings;
  }

  /// Makes this instance the holder, unless the place to start from is refused.
  Claim claim(Session session, StreamId stream, @Nullable EventId from, boolean primes)
      throws InterruptedException {
    var taken = claim(new Wanted(session.key(), stream, from, null, self.get()));
    if (taken.isEmpty()) {
      return new Claim.Unknown();
    }
    var row = taken.get().row();
    return switch (row.verdict()) {
      case FUTURE -> new Claim.FromTheFuture();
      case GAP -> new Claim.Gap();
      case GRANTED, LOST -> {
        var start = from == null ? new EventId(stream, 0, 0) : from;
        yield granted(
            new ClaimedStream(
                session.key(),
                stream,
                row.standalone(),
                row.epoch(),
                start,
                row.known(),
                ClaimedStream.UNKNOWN,
                primes,
                false),
            from,
            taken.get());
      }
    };
  }

  /// What became of one of many that are claimed together.
  private sealed interface Attempt {
    /// @param kept just before; the stream has no message that is newer and in an older slot
    record Taken(ClaimRow row, Kept kept) implements Attempt {}

    /// The session has no such stream.
    record Unknown() implements Attempt {}

    /// Somebody's lock was in the way, or an earlier claim.
    record Locked() implements Attempt {}
  }

  /// With whoever else claims at the moment: of three commits for each stream that is opened, 32 at
  /// a time, a twentieth is left. Where a lock is in the way it waits alone.
  private Optional<Attempt.Taken> claim(Wanted wanted) {
    return switch (together(wanted)) {
      case Attempt.Taken taken -> Optional.of(taken);
      case Attempt.Unknown _ -> Optional.empty();
      case Attempt.Locked _ ->
          slots
              .trim(wanted)
              .flatMap(kept -> store.claim(wanted).map(row -> new Attempt.Taken(row, kept)));
    };
  }

  private List<Attempt> attempt(List<Wanted> wanted) {
    var kept = slots.trim(wanted); // so that the number of messages kept holds for every reader
    var free = new ArrayList<Wanted>();
    for (var each = 0; each < wanted.size(); each++) {
      if (kept.get(each).filter(it -> !it.locked()).isPresent()) {
        free.add(wanted.get(each));
      }
    }
    var rows = free.isEmpty() ? List.<Optional<ClaimRow>>of() : store.claim(free);
    var next = rows.iterator();
    return kept.stream()
        .map(it -> it.map(known -> attempt(known, next)).orElseGet(Attempt.Unknown::new))
        .toList();
  }

  private static Attempt attempt(Kept kept, Iterator<Optional<ClaimRow>> rows) {
    if (kept.locked()) {
      return new Attempt.Locked();
    }
    return rows.next()
        .<Attempt>map(row -> new Attempt.Taken(row, kept))
        .orElseGet(Attempt.Locked::new);
  }

  private Attempt together(Wanted wanted) {
    try {
      return Database.awaitToTheEnd(lane.submit(wanted));
    } catch (DatabaseBusy e) {
      return new Attempt.Locked();
    }
  }

  /// Makes a connection the holder again that had lost the stream to a newer one, which has gone.
  /// It goes on where the stream's latest reader stopped, and not before where it stopped itself.
  ///
  /// @param place how far the connection came
  /// @param heldEpoch of the latest holder
  /// @return empty when somebody was faster
  Optional<Claim> takeBack(ClaimedStream parked, EventId place, long heldEpoch)
      throws InterruptedException {
    var row =
        store.claim(new Wanted(parked.session(), parked.stream(), null, heldEpoch, self.get()));
    if (row.isEmpty()) {
      return Optional.empty();
    }
    var claim =
        granted(parked.under(row.get().epoch()), null, new Attempt.Taken(row.get(), UNKNOWN));
    return switch (claim) {
      case Claim.Granted(var claimed) ->
          Optional.of(new Claim.Granted(claimed.startingAt(claimed.from().orLater(place))));
      case Claim.NothingLeft _ when !row.get().finished() -> Optional.empty();
      default -> Optional.of(claim);
    };
  }

  private Claim granted(ClaimedStream claimed, @Nullable EventId from, Attempt.Taken taken)
      throws InterruptedException {
    var row = taken.row();
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
      return new Claim.Granted(
          isQuiet(placed, taken) ? placed.quietSince(taken.kept().slot()) : placed);
    } catch (DatabaseFailure e) {
      end = CloseReason.DATABASE_AWAY;
      throw e;
    } finally {
      if (end != null) {
        holdings.close(holding, null, end);
      }
    }
  }

  /// Whether what comes after the place was published since the claim began, if anything was: it is
  /// in one of the two newest leaves then, which a live read looks at. Of the first reads of
  /// streams that are opened none so goes through all leaves.
  private static boolean isQuiet(ClaimedStream placed, Attempt.Taken taken) {
    return placed.known() == null && placed.from().own() >= taken.kept().newest();
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
    if (row.start() != null) {
      return Optional.of(row.start());
    }
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

  @Override
  public void close() {
    lane.close();
  }
}
