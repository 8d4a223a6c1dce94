package trunkline.stream;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;

/// The statements of holding streams. Its one product implementation is [StreamRows]; the contract
/// of any is `StreamStoreContract`: a claim fences the former holder, a position is written only as
/// the epoch allows.
///
/// [#write], [#publish] and the claims of many run on the calling thread, which must be a lane's.
interface StreamStore {

  /// Makes the instance the holder, unless the place is refused. Waits while the row is locked.
  Optional<ClaimRow> claim(Wanted wanted);

  /// Claims for many who ask at a time, on the calling thread, which must be a lane's. Waits for
  /// nobody: empty too where the row is locked just now, or claimed by an earlier one of these.
  List<Optional<ClaimRow>> claim(List<Wanted> wanted);

  /// Of connections that lost their stream to newer ones, those whose turn it is to take it back,
  /// because nobody holds it any more; the youngest of a stream first.
  List<Unattended> unattended(Collection<Holding> parked);

  /// Whether the last position of the former holder is still to come: the stream was not claimed
  /// again meanwhile, and that holder is alive; null is anybody.
  boolean awaitsLastWord(StreamId stream, long epoch, @Nullable InstanceId former);

  /// Closes the wait and reads where to start; empty when the stream was claimed again meanwhile.
  Optional<EventId> settle(StreamId stream, long epoch);

  /// Writes the positions of holders; of a superseded one its last position, as long as nobody has
  /// begun after it. A close stays what it was first; a position only rises.
  ///
  /// @return one for each position: whether nothing more is to be done for it
  List<Boolean> write(List<Position> positions);

  /// Whether no more will be written to the stream, or it is gone.
  boolean isFinished(StreamId stream);

  /// Whether any may hold something that has died or left at that time or before: not when all was
  /// looked through since.
  boolean mayBeLost(Optional<Instant> goneAt);

  /// Releases what instances held that are dead or have left, at most `max`.
  List<Released> releaseLost(int max);

  /// What the instance is said to hold besides these, at most `max`.
  List<Holding> unheld(InstanceId instance, Set<Holding> held, int max);

  /// The streams of this instance that are wanted on another one.
  List<Move> moves(InstanceId instance);

  /// Forgets at most so many such wishes whose connection has ended.
  int forgetMoves(int max);

  /// Hints to SQL clients that LISTEN for them.
  void publish(List<ConnectionChange> changes);

  /// What a reader asks for.
  ///
  /// @param from null: wherever the stream's last reader stopped
  /// @param heldEpoch not null: only if nobody holds the stream and nobody has since this epoch
  record Wanted(
      SessionKey session,
      StreamId stream,
      @Nullable EventId from,
      @Nullable Long heldEpoch,
      InstanceId instance) {}

  /// What a claim found.
  ///
  /// @param epoch the new holder epoch, 0 when refused
  /// @param formerInstance the holder until now, if any
  /// @param formerEpoch the holder epoch until now
  /// @param known where a lost client goes on: the last place before its own that this database
  ///   knows; else null
  /// @param formerSettled false: the holder until now had not begun either, it was waiting itself
  /// @param start where the stream's last reader stopped, when nobody's last word is awaited and
  ///   that is where to go on; it is settled then
  record ClaimRow(
      Verdict verdict,
      boolean standalone,
      long epoch,
      @Nullable InstanceId formerInstance,
      long formerEpoch,
      @Nullable EventId known,
      boolean formerSettled,
      boolean settled,
      @Nullable EventId start,
      boolean finished,
      long trimmedThrough) {}

  /// Whether the place to start from can be served.
  enum Verdict {
    GRANTED,
    /// The same for the reader of a standalone stream whose id this database never issued, or has
    /// lost: it goes on where both know the way, and is told of the gap.
    LOST,
    /// The id was never issued, and the stream is a call's.
    FUTURE,
    /// Messages after it are gone, or itself is, and the stream is a call's.
    GAP
  }

  /// One holder's time with a stream: the holder is the instance that has the claim of this epoch.
  record Holding(SessionKey session, StreamId stream, long epoch) {}

  /// A stream without a holder.
  ///
  /// @param parkedEpoch under which the connection held it whose turn it is
  /// @param heldEpoch of the latest holder
  record Unattended(StreamId stream, long parkedEpoch, long heldEpoch) {}

  /// The position of a holder.
  ///
  /// @param cursor how far it came; null when it has not begun
  /// @param closed why the connection ended; null while it is open
  record Position(Holding holding, @Nullable EventId cursor, @Nullable CloseReason closed) {}

  /// The wish that the stream goes to another instance.
  ///
  /// @param epoch of the connection that is meant
  record Move(StreamId stream, long epoch, InstanceId to) {}

  /// What an instance held that is gone.
  record Released(Holding holding, InstanceId instance, CloseReason reason) {}

  /// A stream that opened, or closed for a reason.
  ///
  /// @param closed null when it opened
  record ConnectionChange(Holding holding, InstanceId instance, @Nullable CloseReason closed) {}
}
