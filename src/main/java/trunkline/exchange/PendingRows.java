package trunkline.exchange;

import static trunkline.store.SqlWork.bigints;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.stream.PendingId;

/// Reads and settles `pending_requests`; the rows are inserted with their messages, in `stream`.
final class PendingRows implements PendingStore {
  private static final String ANSWER =
      """
      -- pending_requests.answer: guarded by session and outcome, so the first answer of the right client wins
      UPDATE trunkline.pending_requests
         SET outcome = 'answered', answer = ?, settled_at = clock_timestamp()
       WHERE pending_id = ? AND session_key = ? AND outcome IS NULL
      RETURNING asker, task_input
      """;

  private static final String SETTLE =
      """
      -- pending_requests.settle: guarded by outcome; no row means somebody else won
      UPDATE trunkline.pending_requests SET outcome = ?, settled_at = clock_timestamp()
       WHERE pending_id = ? AND outcome IS NULL
      RETURNING pending_id, outcome, answer
      """;

  private static final String SETTLED =
      """
      -- pending_requests.settled: what became of the questions that we wait for
      SELECT pending_id, outcome, answer FROM trunkline.pending_requests
       WHERE pending_id = ANY (?::bigint[]) AND outcome IS NOT NULL
      """;

  private static final String ANSWERS_TO =
      """
      -- pending_requests.answers_to: what clients said to tasks' questions, each passed on as often as somebody waited
      SELECT DISTINCT ON (task_input) task_input, answer FROM trunkline.pending_requests
       WHERE task_input = ANY (?::bigint[]) AND outcome = 'answered'
       ORDER BY task_input, settled_at, pending_id
      """;

  private static final String ADVANCE =
      """
      -- pending_requests.advance: guarded by session and outcome; a report that overtook an older one stands
      UPDATE trunkline.pending_requests SET progress = ?, progress_total = ?, progress_message = ?
       WHERE pending_id = ? AND session_key = ? AND outcome IS NULL AND (progress IS NULL OR progress < ?)
      RETURNING asker
      """;

  private static final String ADVANCED =
      """
      -- pending_requests.advanced: how far the clients are that were asked to tell
      SELECT pending_id, progress, progress_total, progress_message FROM trunkline.pending_requests
       WHERE pending_id = ANY (?::bigint[]) AND progress IS NOT NULL
      """;

  private static final String CLOSE =
      """
      -- pending_requests.close: nobody waits any more: the asker is dead, or let its deadline pass long ago. A task's
      -- question was only passed on by its asker, and whoever runs the task waits for the answer
      UPDATE trunkline.pending_requests SET outcome = 'abandoned', settled_at = clock_timestamp()
       WHERE pending_id IN (
             SELECT p.pending_id FROM trunkline.pending_requests p
               JOIN trunkline.instances i ON i.instance_id = p.asker
              WHERE p.outcome IS NULL
                AND (p.task_input IS NULL AND (i.dead_at IS NOT NULL OR i.left_at IS NOT NULL)
                     OR p.deadline < clock_timestamp() - interval '1 minute')
              ORDER BY p.pending_id LIMIT ? FOR NO KEY UPDATE OF p SKIP LOCKED)
      """;

  private static final String REMOVE =
      """
      -- pending_requests.remove: settled, and past the time in which an operator would look for it
      DELETE FROM trunkline.pending_requests
       WHERE pending_id IN (
             SELECT pending_id FROM trunkline.pending_requests
              WHERE outcome IS NOT NULL AND deadline < clock_timestamp() - interval '10 minutes'
              ORDER BY pending_id LIMIT ? FOR UPDATE SKIP LOCKED)
      """;

  @Override
  public Optional<Asker> answer(
      Connection connection, SessionKey session, PendingId pending, byte[] answer)
      throws SQLException {
    try (var statement = connection.prepareStatement(ANSWER)) {
      statement.setBytes(1, answer);
      statement.setLong(2, pending.value());
      statement.setLong(3, session.value());
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(new Asker(new InstanceId(rows.getInt(1)), rows.getObject(2, Long.class)))
            : Optional.empty();
      }
    }
  }

  @Override
  public Optional<Settled> settle(Connection connection, PendingId pending, QuestionOutcome outcome)
      throws SQLException {
    try (var statement = connection.prepareStatement(SETTLE)) {
      statement.setString(1, outcome.text());
      statement.setLong(2, pending.value());
      var settled = settled(statement);
      // A statement of its own: the first one's snapshot may be older than the winner's commit.
      return (settled.isEmpty() ? settledAmong(connection, List.of(pending)) : settled)
          .stream().findFirst();
    }
  }

  @Override
  public List<Settled> settledAmong(Connection connection, Collection<PendingId> waiting)
      throws SQLException {
    try (var statement = connection.prepareStatement(SETTLED)) {
      statement.setArray(
          1, connection.createArrayOf("bigint", waiting.stream().map(PendingId::value).toArray()));
      return settled(statement);
    }
  }

  private static List<Settled> settled(PreparedStatement statement) throws SQLException {
    var settled = new ArrayList<Settled>();
    try (var rows = statement.executeQuery()) {
      while (rows.next()) {
        settled.add(
            new Settled(
                new PendingId(rows.getLong(1)),
                QuestionOutcome.of(rows.getString(2)),
                rows.getBytes(3)));
      }
    }
    return settled;
  }

  @Override
  public Map<Long, byte[]> answersTo(Connection connection, Collection<Long> taskInputs)
      throws SQLException {
    try (var statement = connection.prepareStatement(ANSWERS_TO)) {
      statement.setArray(1, connection.createArrayOf("bigint", taskInputs.toArray()));
      var answers = new HashMap<Long, byte[]>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          answers.put(rows.getLong(1), rows.getBytes(2));
        }
      }
      return answers;
    }
  }

  @Override
  public Optional<InstanceId> advance(
      Connection connection, SessionKey session, PendingId pending, QuestionProgress reached)
      throws SQLException {
    try (var statement = connection.prepareStatement(ADVANCE)) {
      statement.setDouble(1, reached.progress());
      statement.setObject(2, reached.total(), Types.DOUBLE);
      statement.setString(3, reached.message());
      statement.setLong(4, pending.value());
      statement.setLong(5, session.value());
      statement.setDouble(6, reached.progress());
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(new InstanceId(rows.getInt(1))) : Optional.empty();
      }
    }
  }

  @Override
  public List<Advanced> advancedAmong(Connection connection, Collection<PendingId> waiting)
      throws SQLException {
    try (var statement = connection.prepareStatement(ADVANCED)) {
      statement.setArray(1, bigints(connection, waiting.stream().map(PendingId::value).toList()));
      var advanced = new ArrayList<Advanced>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var total = rows.getObject(3, Double.class);
          var reached = new QuestionProgress(rows.getDouble(2), total, rows.getString(4));
          advanced.add(new Advanced(new PendingId(rows.getLong(1)), reached));
        }
      }
      return advanced;
    }
  }

  @Override
  public Swept sweep(Connection connection, int max) throws SQLException {
    return new Swept(update(connection, CLOSE, max), update(connection, REMOVE, max));
  }

  private static int update(Connection connection, String text, int max) throws SQLException {
    try (var statement = connection.prepareStatement(text)) {
      statement.setInt(1, max);
      return statement.executeUpdate();
    }
  }
}
