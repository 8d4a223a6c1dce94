package trunkline.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.signal.Wakes;

/// What running calls ask of the database. Its one product implementation is [CallRows]; any
/// implementation hands each stream of a dead writer to one instance only.
interface CallStore {

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
  List<Orphan> takeOver(Connection connection, InstanceId instance, List<StreamId> written, int max)
      throws SQLException;

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
