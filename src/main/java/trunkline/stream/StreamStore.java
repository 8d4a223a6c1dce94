package trunkline.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.signal.Wakes;

/// What holding streams and running calls ask of the database. Its one product implementation is
/// [StreamRows]; what any implementation owes stands in `StreamStoreContract`: a claim fences the
/// former holder, a position is written only by whom the epoch allows, a take-over happens once.
interface StreamStore {

  /// Makes this instance the holder, unless the id is refused. `from` null: wherever the stream's
  /// last reader stopped.
  Optional<ClaimRow> claim(
      Connection connection,
      SessionKey session,
      StreamId stream,
      @Nullable EventId from,
      int instance)
      throws SQLException;

  /// Whether the former holder has left its last position; the claimer waits for that.
  boolean isSettled(Connection connection, StreamId stream, long epoch) throws SQLException;

  /// Closes the wait and reads where to start; empty when the stream was claimed again meanwhile.
  Optional<EventId> settle(Connection connection, StreamId stream, long epoch) throws SQLException;

  /// Writes how far the holders have read; for a superseded one its last word, once.
  ///
  /// @return one for each position: whether nothing more is to be done for it
  List<Boolean> write(Connection connection, List<Position> positions) throws SQLException;

  /// Whether no more will be written to the stream, or it is gone.
  boolean isFinished(Connection connection, StreamId stream) throws SQLException;

  /// Cancels a call wherever it runs: marks its row, or announces it when there is none (yet).
  Wakes cancel(Connection connection, SessionKey session, String requestId, String reason)
      throws SQLException;

  /// Those of the calls that were cancelled, each with the reason.
  Map<CallId, String> cancelledAmong(Connection connection, List<CallId> calls) throws SQLException;

  /// Opens the stream of a call (or of a batch of calls) in a session that still lives and then has
  /// at most so many running calls that are streams.
  Opened open(Connection connection, CallStart start, int streamsMax) throws SQLException;

  /// Takes over the unfinished streams of dead writers, at most `max`, each once.
  ///
  /// @param written the streams that this process is writing and knows of
  List<Orphan> takeOver(Connection connection, int instance, List<StreamId> written, int max)
      throws SQLException;

  /// Releases what dead instances held, at most `max`.
  List<StreamId> releaseDead(Connection connection, int max) throws SQLException;

  /// What a claim found.
  ///
  /// @param epoch the new holder epoch, 0 when refused
  /// @param formerInstance who held it until now, if anybody
  record ClaimRow(
      Verdict verdict,
      boolean standalone,
      long epoch,
      @Nullable Integer formerInstance,
      boolean settled,
      boolean finished,
      long trimmedThrough) {}

  /// Whether the place to start from can be served.
  enum Verdict {
    GRANTED,
    /// The id was never issued.
    FUTURE,
    /// Messages after it are gone, and the stream is a call's.
    GAP
  }

  /// How far a holder has read.
  ///
  /// @param closed why the connection ended; null while it is open
  record Position(
      StreamId stream, long epoch, long own, long announcement, @Nullable String closed) {}

  /// What became of calls that were to become a stream.
  sealed interface Opened {
    /// They have rows now.
    record Rows(StreamId stream, List<CallId> calls) implements Opened {}

    /// The session has as many as it may have.
    record Full() implements Opened {}

    /// The session has ended.
    record Gone() implements Opened {}
  }

  /// A stream whose writer died, now ours to finish.
  record Orphan(StreamId stream, int writerEpoch, SessionKey session, List<OrphanCall> calls) {}

  /// An unfinished call of a dead writer.
  record OrphanCall(CallId call, String requestId, int runs, boolean cancelled) {}
}
