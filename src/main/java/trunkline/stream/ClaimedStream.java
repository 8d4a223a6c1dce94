package trunkline.stream;

import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;

/// A stream that this instance holds, and where its reader starts.
///
/// @param epoch fences: another holder has a higher one
/// @param known null for a client whose place this database knows; else where it goes on, after it
///   was told of the gap: its place is of a future that the database has lost
/// @param quietSlot the slot that was written when nothing at all was kept after the place to start
///   from, so that the two newest leaves are enough; -1: there may be something in any
/// @param primes whether the client's revision knows events without data (2025-11-25 and later)
/// @param primed whether its priming event is written already
public record ClaimedStream(
    SessionKey session,
    StreamId stream,
    boolean standalone,
    long epoch,
    EventId from,
    @Nullable EventId known,
    int quietSlot,
    boolean primes,
    boolean primed) {
  static final int UNKNOWN = -1;

  /// The epoch of the opener of a call's stream, as its writer and as its first holder.
  public static final int FIRST_EPOCH = 1;

  ClaimedStream startingAt(EventId place) {
    return new ClaimedStream(
        session, stream, standalone, epoch, place, known, quietSlot, primes, primed);
  }

  /// The same after the priming event was written.
  ClaimedStream afterPriming() {
    return new ClaimedStream(
        session, stream, standalone, epoch, from, known, quietSlot, primes, true);
  }

  /// The id of the priming event, the first of this holding's numbers.
  String primingText() {
    return from.text(epoch, 0);
  }

  /// The same when it is known whether there is anything to read.
  ClaimedStream quietSince(int slot) {
    return new ClaimedStream(session, stream, standalone, epoch, from, known, slot, primes, primed);
  }

  /// The same after it was claimed again.
  ClaimedStream under(long newEpoch) {
    return new ClaimedStream(
        session, stream, standalone, newEpoch, from, null, UNKNOWN, primes, false);
  }

  StreamStore.Holding holding() {
    return new StreamStore.Holding(session, stream, epoch);
  }

  /// A call's stream, which was opened by its first holder and has no message yet.
  public static ClaimedStream opened(SessionKey session, StreamId stream, boolean primes) {
    return new ClaimedStream(
        session,
        stream,
        false,
        FIRST_EPOCH,
        new EventId(stream, 0, 0),
        null,
        UNKNOWN,
        primes,
        false);
  }
}
