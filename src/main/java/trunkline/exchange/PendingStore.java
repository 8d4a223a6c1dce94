package trunkline.exchange;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;

/// What asking and answering need of the database. Its one product implementation is [PendingRows];
/// any implementation lets exactly one outcome win.
interface PendingStore {

  /// Stores a client's answer if the question is its session's and still open.
  ///
  /// @return the instance that waits; empty when there was nothing to answer
  Optional<Integer> answer(
      Connection connection, SessionKey session, PendingId pending, byte[] answer)
      throws SQLException;

  /// Settles a question otherwise, unless it is settled; returns what it then is.
  Optional<Settled> settle(Connection connection, PendingId pending, String outcome)
      throws SQLException;

  /// Those of the questions that are settled.
  List<Settled> settledAmong(Connection connection, Collection<PendingId> waiting)
      throws SQLException;

  /// Closes questions whose asker is dead or overdue, and removes what was settled long ago; each
  /// at most `max` rows.
  Swept sweep(Connection connection, int max) throws SQLException;

  /// A question with its outcome; the answer only for `answered`.
  record Settled(PendingId pending, String outcome, byte @Nullable [] answer) {}

  /// What a sweep did.
  record Swept(int closed, int removed) {}
}
