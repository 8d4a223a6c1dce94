package trunkline.call;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import trunkline.session.CallId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.signal.Wakes;

/// The statements of streamed calls. Its one product implementation is [CallRows]; the contract of
/// any is `CallStoreContract`: an id runs once at a time, and each stream of a dead writer goes to
/// one instance only.
interface CallStore {

  /// Opens the stream of a call (or of a batch of calls) in a session that still lives and then has
  /// at most so many running calls that are streams. Runs to its end even when interrupted: an
  /// opened stream must have its writer. Repeated when the outcome is unknown, it finds what it
  /// opened.
  Opened open(CallStart start, int streamsMax);

  /// Cancels a call wherever it runs: marks its row, or announces it when there is none (yet). The
  /// latter only so often for one session, since a client may name calls that nobody runs.
  Cancelled cancel(SessionKey session, String requestId, String reason);

  /// The cancelled ones among the calls, each with the reason.
  Map<CallId, String> cancelledAmong(List<CallId> calls);

  /// Takes over the unfinished streams of dead writers, at most `max`, each once.
  ///
  /// @param written the streams that this process is writing and knows of
  /// @param room whether it can run calls again; without room those that may be are left to others
  List<Orphan> takeOver(InstanceId instance, List<StreamId> written, boolean room, int max);

  /// Leaves streams unfinished to whoever takes them over, though their writer lives: each as long
  /// as this is its writer.
  void handOn(List<Left> streams);

  /// A stream that its writer of this epoch left.
  record Left(StreamId stream, int epoch) {}

  /// Counts a further run of a call before it begins. To be repeated when the outcome is unknown.
  ///
  /// @param writerEpoch the one under which its stream was taken over
  /// @param run the number of the run, from 1
  /// @return false: the call has ended, the stream has another writer, or that run has begun before
  boolean begin(CallId call, int writerEpoch, int run);

  /// What former runs of a call did once, by the steps' names.
  Map<String, String> steps(CallId call);

  /// Remembers a step's outcome. To be repeated when the outcome is unknown; runs to its end even
  /// when interrupted.
  ///
  /// @return what is remembered under the name; empty when the stream has another writer, or the
  ///   call has ended
  Optional<String> remember(CallId call, int writerEpoch, String name, String outcome);

  /// The outcome of a cancel.
  ///
  /// @param limited whether nobody was told, because its session cancels too often what nobody runs
  record Cancelled(Wakes wakes, boolean limited) {}

  /// The outcome of opening a stream for calls.
  sealed interface Opened {
    /// They have rows now.
    record Rows(StreamId stream, List<CallId> calls) implements Opened {}

    /// The session has as many as it may have.
    record Full() implements Opened {}

    /// The session runs another call of one of these ids.
    record Running() implements Opened {}

    /// The session has ended.
    record Gone() implements Opened {}
  }
}
