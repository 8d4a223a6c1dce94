package trunkline.stream;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlState;

/// Writes and reads `streams`.
final class StreamRows implements StreamStore {
  /// A GET that meets a locked row waits; clients give up after two errors.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  /// Positions of one batch that may wait for a locked row, so that one lane is not held up for
  /// long.
  private static final int WAITS_MAX = 4;

  private static final String CLAIM =
      """
      -- streams.claim: an UPDATE of the row that publish locks, so each message is before it or sees the new holder
      WITH asked AS (
             SELECT ?::bigint AS stream_id, ?::bigint AS session_key, ?::bigint AS own, ?::bigint AS announcement, ?::int AS me),
           issued AS (
             SELECT (SELECT trunkline.id_prefix() | last_value FROM trunkline.event_seq) AS own,
                    (SELECT trunkline.id_prefix() | last_value FROM trunkline.announcement_seq) AS announcement),
           former AS MATERIALIZED (
             SELECT s.stream_id, s.standalone, s.holder_instance, s.finished_at, s.trimmed_through
               FROM trunkline.streams s JOIN asked a ON s.stream_id = a.stream_id AND s.session_key = a.session_key
                FOR NO KEY UPDATE OF s),
           judged AS MATERIALIZED (
             SELECT f.*, CASE WHEN a.own > i.own OR a.announcement > i.announcement THEN 'FUTURE'
                              WHEN a.own < f.trimmed_through AND NOT f.standalone THEN 'GAP'
                              ELSE 'GRANTED' END AS verdict
               FROM former f CROSS JOIN asked a CROSS JOIN issued i),
           claimed AS (
             UPDATE trunkline.streams s
                SET holder_instance = a.me, holder_epoch = s.holder_epoch + 1,
                    opened_at = clock_timestamp(), closed_at = NULL, close_reason = NULL,
                    position_own = coalesce(a.own, s.position_own),
                    position_announcement = coalesce(a.announcement, s.position_announcement),
                    position_settled = a.own IS NOT NULL OR j.holder_instance IS NULL
               FROM judged j CROSS JOIN asked a WHERE s.stream_id = j.stream_id AND j.verdict = 'GRANTED'
             RETURNING s.holder_epoch, s.position_settled)
      SELECT j.verdict, j.standalone, coalesce(c.holder_epoch, 0), j.holder_instance,
             coalesce(c.position_settled, true), j.finished_at IS NOT NULL, j.trimmed_through
        FROM judged j LEFT JOIN claimed c ON true
      """;

  private static final String IS_SETTLED =
      """
      -- streams.is_settled: has the former holder said how far it came, or has somebody else claimed
      SELECT NOT EXISTS (SELECT FROM trunkline.streams
                          WHERE stream_id = ? AND holder_epoch = ? AND NOT position_settled)
      """;

  private static final String SETTLE =
      """
      -- streams.settle: no later word of a former holder counts; start here
      UPDATE trunkline.streams SET position_settled = true WHERE stream_id = ? AND holder_epoch = ?
      RETURNING position_own, position_announcement
      """;

  private static final String POSITION =
      """
      -- streams.position: how far holders came; a superseded one speaks once more, while nobody has settled
      WITH asked AS (
             SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[])
               a(stream_id, epoch, own, announcement, closed)),
           locked AS MATERIALIZED (
             SELECT s.stream_id, s.holder_epoch FROM trunkline.streams s
              WHERE s.stream_id IN (SELECT stream_id FROM asked)
              ORDER BY s.stream_id FOR NO KEY UPDATE %s),
           mine AS (
             UPDATE trunkline.streams s
                SET position_own = a.own, position_announcement = a.announcement,
                    holder_instance = CASE WHEN a.closed IS NULL THEN s.holder_instance END,
                    closed_at = CASE WHEN a.closed IS NULL THEN s.closed_at ELSE clock_timestamp() END,
                    close_reason = coalesce(a.closed, s.close_reason)
               FROM asked a JOIN locked l USING (stream_id)
              WHERE s.stream_id = a.stream_id AND s.holder_epoch = a.epoch),
           last_word AS (
             UPDATE trunkline.streams s
                SET position_own = a.own, position_announcement = a.announcement, position_settled = true
               FROM asked a JOIN locked l USING (stream_id)
              WHERE s.stream_id = a.stream_id AND s.holder_epoch = a.epoch + 1 AND NOT s.position_settled
                AND a.closed IS NOT NULL)
      SELECT l.stream_id FROM locked l
      UNION ALL
      SELECT a.stream_id FROM asked a WHERE NOT EXISTS (SELECT FROM trunkline.streams s WHERE s.stream_id = a.stream_id)
      """;

  private static final String WRITE = POSITION.formatted("SKIP LOCKED");
  private static final String WRITE_WAITING = POSITION.formatted("");

  private static final String IS_FINISHED =
      """
      -- streams.is_finished: for a parked connection, whose epoch says nothing
      SELECT NOT EXISTS (SELECT FROM trunkline.streams WHERE stream_id = ? AND finished_at IS NULL)
      """;

  private static final String RELEASE_DEAD =
      """
      -- streams.release_dead: nobody holds what a dead instance held
      WITH held AS MATERIALIZED (
             SELECT s.stream_id FROM trunkline.streams s
               JOIN trunkline.instances i ON i.instance_id = s.holder_instance
              WHERE i.dead_at IS NOT NULL OR i.left_at IS NOT NULL
              ORDER BY s.stream_id LIMIT ? FOR NO KEY UPDATE OF s SKIP LOCKED)
      UPDATE trunkline.streams s
         SET holder_instance = NULL, closed_at = clock_timestamp(), close_reason = 'fenced', position_settled = true
        FROM held h WHERE s.stream_id = h.stream_id
      RETURNING s.stream_id
      """;

  private static final String CHANGES =
      """
      -- streams.connection_news: one NOTIFY for whatever opened and closed meanwhile
      SELECT pg_notify('trunkline_connections', json_build_object(
               'event', n.event, 'session', s.session_id, 'stream', n.stream_id, 'epoch', n.epoch,
               'instance', n.instance, 'reason', n.reason)::text)
        FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::text[])
             WITH ORDINALITY n(event, session_key, stream_id, epoch, instance, reason, ord)
        JOIN trunkline.sessions s USING (session_key)
       ORDER BY n.ord
      """;

  private final Database database;

  StreamRows(Database database) {
    this.database = database;
  }

  @Override
  public void publish(List<ConnectionChange> changes) {
    var _ = database.onThisThread(connection -> publish(connection, changes));
  }

  private static boolean publish(Connection connection, List<ConnectionChange> changes)
      throws SQLException {
    try (var statement = connection.prepareStatement(CHANGES)) {
      bind(statement, 1, "text", changes, c -> c.closed() == null ? "opened" : "closed");
      bind(statement, 2, "bigint", changes, c -> c.claimed().session().value());
      bind(statement, 3, "bigint", changes, c -> c.claimed().stream().value());
      bind(statement, 4, "bigint", changes, c -> c.claimed().epoch());
      bind(statement, 5, "int", changes, c -> c.instance().value());
      bind(statement, 6, "text", changes, c -> c.closed() == null ? "" : c.closed().wire());
      return statement.execute();
    }
  }

  @Override
  public Optional<ClaimRow> claim(
      SessionKey session, StreamId stream, @Nullable EventId from, InstanceId instance) {
    return PATIENCE.call(database, c -> claim(c, session, stream, from, instance));
  }

  private static Optional<ClaimRow> claim(
      Connection connection,
      SessionKey session,
      StreamId stream,
      @Nullable EventId from,
      InstanceId instance)
      throws SQLException {
    try (var statement = connection.prepareStatement(CLAIM)) {
      statement.setLong(1, stream.value());
      statement.setLong(2, session.value());
      statement.setObject(3, from == null ? null : (Long) from.own());
      statement.setObject(4, from == null ? null : (Long) from.announcement());
      statement.setInt(5, instance.value());
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new ClaimRow(
                    Verdict.valueOf(rows.getString(1)),
                    rows.getBoolean(2),
                    rows.getLong(3),
                    rows.getObject(4) == null ? null : new InstanceId(rows.getInt(4)),
                    rows.getBoolean(5),
                    rows.getBoolean(6),
                    rows.getLong(7)))
            : Optional.empty();
      }
    }
  }

  @Override
  public boolean isSettled(StreamId stream, long epoch) {
    return database.call(c -> isSettled(c, stream, epoch));
  }

  private static boolean isSettled(Connection connection, StreamId stream, long epoch)
      throws SQLException {
    try (var statement = connection.prepareStatement(IS_SETTLED)) {
      statement.setLong(1, stream.value());
      statement.setLong(2, epoch);
      try (var rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  @Override
  public Optional<EventId> settle(StreamId stream, long epoch) {
    return PATIENCE.call(database, c -> settle(c, stream, epoch));
  }

  private static Optional<EventId> settle(Connection connection, StreamId stream, long epoch)
      throws SQLException {
    try (var statement = connection.prepareStatement(SETTLE)) {
      statement.setLong(1, stream.value());
      statement.setLong(2, epoch);
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(new EventId(stream, rows.getLong(1), rows.getLong(2)))
            : Optional.empty();
      }
    }
  }

  /// A busy stream's row is locked most of the time, by publishes, and the claimer waits for the
  /// last word only so long: what was skipped waits for its row, one row at a time, for as long as
  /// the lock time-out allows.
  @Override
  public List<Boolean> write(List<Position> positions) {
    return database.onThisThread(connection -> write(connection, positions));
  }

  private static List<Boolean> write(Connection connection, List<Position> positions)
      throws SQLException {
    var written = new ArrayList<>(write(connection, WRITE, positions));
    var waits = WAITS_MAX;
    for (int i = 0; i < written.size() && waits > 0; i++) {
      if (!written.get(i)) {
        waits--;
        written.set(i, writeWaiting(connection, positions.get(i)));
      }
    }
    return written;
  }

  private static boolean writeWaiting(Connection connection, Position position)
      throws SQLException {
    try {
      var _ = write(connection, WRITE_WAITING, List.of(position));
      // Once more: it may have waited for a claim, and its snapshot is older than that.
      return write(connection, WRITE, List.of(position)).getFirst();
    } catch (SQLException e) {
      if (SqlState.of(e) == SqlState.LOCK_TIMEOUT) {
        return false;
      }
      throw e;
    }
  }

  private static List<Boolean> write(Connection connection, String text, List<Position> positions)
      throws SQLException {
    try (var statement = connection.prepareStatement(text)) {
      bind(statement, 1, "bigint", positions, p -> p.stream().value());
      bind(statement, 2, "bigint", positions, Position::epoch);
      bind(statement, 3, "bigint", positions, Position::own);
      bind(statement, 4, "bigint", positions, Position::announcement);
      bind(statement, 5, "text", positions, p -> p.closed() == null ? null : p.closed().wire());
      var done = new HashSet<Long>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          done.add(rows.getLong(1));
        }
      }
      return positions.stream().map(p -> done.contains(p.stream().value())).toList();
    }
  }

  @Override
  public boolean isFinished(StreamId stream) {
    return database.call(c -> isFinished(c, stream));
  }

  private static boolean isFinished(Connection connection, StreamId stream) throws SQLException {
    try (var statement = connection.prepareStatement(IS_FINISHED)) {
      statement.setLong(1, stream.value());
      try (var rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  @Override
  public List<StreamId> releaseDead(int max) {
    return database.call(c -> releaseDead(c, max));
  }

  private static List<StreamId> releaseDead(Connection connection, int max) throws SQLException {
    try (var statement = connection.prepareStatement(RELEASE_DEAD)) {
      statement.setInt(1, max);
      var released = new ArrayList<StreamId>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          released.add(new StreamId(rows.getLong(1)));
        }
      }
      return released;
    }
  }

  private static <T> void bind(
      PreparedStatement statement,
      int index,
      String type,
      List<T> items,
      Function<T, @Nullable Object> value)
      throws SQLException {
    statement.setArray(
        index, statement.getConnection().createArrayOf(type, items.stream().map(value).toArray()));
  }
}
