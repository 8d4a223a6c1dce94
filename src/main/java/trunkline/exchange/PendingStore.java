package trunkline.exchange;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.stream.PendingId;

/// What asking and answering need of the database. Its one product implementation is [PendingRows];
/// any implementation lets exactly one outcome win.
interface PendingStore {

  /// Stores a client's answer if the question is its session's and still open.
  ///
  /// @return who waits; empty when there was nothing to answer
  Optional<Asker> answer(
      Connection connection, SessionKey session, PendingId pending, byte[] answer)
      throws SQLException;

  /// Settles a question otherwise, unless it is settled; returns what it then is.
  Optional<Settled> settle(Connection connection, PendingId pending, QuestionOutcome outcome)
      throws SQLException;

  /// Those of the questions that are settled.
  List<Settled> settledAmong(Connection connection, Collection<PendingId> waiting)
      throws SQLException;

  /// The first answer to each of these questions of tasks.
  Map<Long, byte[]> answersTo(Connection connection, Collection<Long> taskInputs)
      throws SQLException;

  /// Stores how far a client is with an open question of its session, if it is further than before.
  ///
  /// @return the instance that waits; empty when there was nothing to store
  Optional<InstanceId> advance(
      Connection connection, SessionKey session, PendingId pending, QuestionProgress reached)
      throws SQLException;

  /// How far those of the questions are whose clients said so.
  List<Advanced> advancedAmong(Connection connection, Collection<PendingId> waiting)
      throws SQLException;

  /// Closes questions whose asker is dead or overdue, and removes what was settled long ago; each
  /// at most `max` rows.
  Swept sweep(Connection connection, int max) throws SQLException;

  /// Who waits for an answer: a call on this instance, or else whoever runs the task.
  record Asker(InstanceId instance, @Nullable Long taskInput) {}

  /// A question with its outcome; the answer only for ANSWERED.
  record Settled(PendingId pending, QuestionOutcome outcome, byte @Nullable [] answer) {}

  /// A question on which its client has reported.
  record Advanced(PendingId pending, QuestionProgress reached) {}

  /// What a sweep did.
  record Swept(int closed, int removed) {}
}
