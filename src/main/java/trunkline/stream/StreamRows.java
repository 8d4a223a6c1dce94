package trunkline.stream;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.signal.Wakes;
import trunkline.store.SqlState;

/// Writes and reads `streams` and `calls`.
final class StreamRows implements StreamStore {
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

  private static final String OPEN =
      """
      -- streams.open: a call's stream, written and held by one instance, in a session that cannot end meanwhile
      WITH alive AS MATERIALIZED (
             SELECT session_key FROM trunkline.sessions WHERE session_key = ? AND ended_at IS NULL FOR KEY SHARE),
           asked AS (
             SELECT * FROM unnest(?::text[], ?::text[], ?::bytea[], ?::boolean[])
               WITH ORDINALITY r(request_id, method, request, rerunnable, ord)),
           room AS MATERIALIZED (
             SELECT a.session_key FROM alive a
              WHERE (SELECT count(*) FROM (SELECT FROM trunkline.calls c
                                            WHERE c.session_key = a.session_key AND c.finished_at IS NULL LIMIT ?) running)
                    + (SELECT count(*) FROM asked) <= ?),
           stream AS (
             INSERT INTO trunkline.streams (session_key, standalone, holder_instance, holder_epoch,
                                            writer_instance, writer_epoch, opened_at)
             SELECT session_key, false, ?, 1, ?, 1, clock_timestamp() FROM room RETURNING stream_id),
           begun AS (
             INSERT INTO trunkline.calls (stream_id, session_key, request_id, method, request, principal, rerunnable)
             SELECT s.stream_id, a.session_key, r.request_id, r.method, r.request, ?, r.rerunnable
               FROM stream s CROSS JOIN room a CROSS JOIN asked r ORDER BY r.ord
             RETURNING stream_id, call_id)
      SELECT b.stream_id, b.call_id FROM alive LEFT JOIN begun b ON true ORDER BY b.call_id
      """;

  private static final String TAKE_OVER =
      """
      -- streams.take_over: unfinished streams of dead writers become ours, each once; their writer is fenced.
      -- Those too that we took before (epoch above 1) and whose end was lost on the way, to or from the database;
      -- and those that we opened without ever learning it, after a minute
      WITH orphan AS MATERIALIZED (
             SELECT s.stream_id FROM trunkline.streams s
               JOIN trunkline.instances i ON i.instance_id = s.writer_instance
              WHERE (i.dead_at IS NOT NULL OR i.left_at IS NOT NULL
                     OR (s.writer_instance = ?
                         AND (s.writer_epoch > 1
                              OR (s.created_at < clock_timestamp() - interval '1 minute'
                                  AND s.stream_id <> ALL (?::bigint[])))))
                AND s.finished_at IS NULL
              ORDER BY s.stream_id LIMIT ? FOR NO KEY UPDATE OF s SKIP LOCKED),
           taken AS (
             UPDATE trunkline.streams s SET writer_instance = ?, writer_epoch = s.writer_epoch + 1
               FROM orphan o WHERE s.stream_id = o.stream_id
             RETURNING s.stream_id, s.writer_epoch, s.session_key)
      SELECT t.stream_id, t.writer_epoch, t.session_key, c.call_id, c.request_id, c.runs,
             c.cancelled_at IS NOT NULL OR EXISTS (
               SELECT FROM trunkline.announcements n
                WHERE n.kind = 'call_cancelled' AND n.about = c.session_key || ' ' || c.request_id) AS cancelled
        FROM taken t LEFT JOIN trunkline.calls c ON c.stream_id = t.stream_id AND c.finished_at IS NULL
       ORDER BY t.stream_id, c.call_id
      """;

  private static final String IS_FINISHED =
      """
      -- streams.is_finished: for a parked connection, whose epoch says nothing
      SELECT NOT EXISTS (SELECT FROM trunkline.streams WHERE stream_id = ? AND finished_at IS NULL)
      """;

  private static final String CANCEL =
      """
      -- calls.cancel: a row outlives the executor; without a row it is announced to whoever runs the call
      SELECT w.instance, w.topic, w.id
        FROM trunkline.cancel_call_now(?, ?, ?) c CROSS JOIN unnest(c) w
      """;

  private static final String CANCELLED_AMONG =
      """
      -- calls.cancelled_among: which of the calls that run here were cancelled
      SELECT call_id, coalesce(cancel_reason, '') FROM trunkline.calls
       WHERE call_id = ANY (?::bigint[]) AND cancelled_at IS NOT NULL
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

  private static final String TELL =
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

  /// For whoever LISTENs on `trunkline_connections`.
  static List<Boolean> tell(Connection connection, List<ConnectionNews.News> news)
      throws SQLException {
    try (var statement = connection.prepareStatement(TELL)) {
      bind(statement, 1, "text", news, ConnectionNews.News::event);
      bind(statement, 2, "bigint", news, n -> n.holding().session().value());
      bind(statement, 3, "bigint", news, n -> n.holding().stream().value());
      bind(statement, 4, "bigint", news, n -> n.holding().epoch());
      bind(statement, 5, "int", news, ConnectionNews.News::instance);
      bind(statement, 6, "text", news, ConnectionNews.News::reason);
      statement.execute();
      return news.stream().map(_ -> true).toList();
    }
  }

  @Override
  public Optional<ClaimRow> claim(
      Connection connection,
      SessionKey session,
      StreamId stream,
      @Nullable EventId from,
      int instance)
      throws SQLException {
    try (var statement = connection.prepareStatement(CLAIM)) {
      statement.setLong(1, stream.value());
      statement.setLong(2, session.value());
      statement.setObject(3, from == null ? null : (Long) from.own());
      statement.setObject(4, from == null ? null : (Long) from.announcement());
      statement.setInt(5, instance);
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new ClaimRow(
                    Verdict.valueOf(rows.getString(1)),
                    rows.getBoolean(2),
                    rows.getLong(3),
                    rows.getObject(4, Integer.class),
                    rows.getBoolean(5),
                    rows.getBoolean(6),
                    rows.getLong(7)))
            : Optional.empty();
      }
    }
  }

  @Override
  public boolean isSettled(Connection connection, StreamId stream, long epoch) throws SQLException {
    try (var statement = connection.prepareStatement(IS_SETTLED)) {
      statement.setLong(1, stream.value());
      statement.setLong(2, epoch);
      try (var rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  @Override
  public Optional<EventId> settle(Connection connection, StreamId stream, long epoch)
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
  public List<Boolean> write(Connection connection, List<Position> positions) throws SQLException {
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
      bind(statement, 5, "text", positions, Position::closed);
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
  public boolean isFinished(Connection connection, StreamId stream) throws SQLException {
    try (var statement = connection.prepareStatement(IS_FINISHED)) {
      statement.setLong(1, stream.value());
      try (var rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  @Override
  public Wakes cancel(Connection connection, SessionKey session, String requestId, String reason)
      throws SQLException {
    try (var statement = connection.prepareStatement(CANCEL)) {
      statement.setLong(1, session.value());
      statement.setString(2, requestId);
      statement.setString(3, reason);
      var wakes = new Wakes();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          wakes.add(rows);
        }
      }
      return wakes;
    }
  }

  @Override
  public Map<CallId, String> cancelledAmong(Connection connection, List<CallId> calls)
      throws SQLException {
    try (var statement = connection.prepareStatement(CANCELLED_AMONG)) {
      bind(statement, 1, "bigint", calls, CallId::value);
      var cancelled = new HashMap<CallId, String>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          cancelled.put(new CallId(rows.getLong(1)), rows.getString(2));
        }
      }
      return cancelled;
    }
  }

  @Override
  public Opened open(Connection connection, CallStart start, int streamsMax) throws SQLException {
    try (var statement = connection.prepareStatement(OPEN)) {
      var requests = start.requests();
      statement.setLong(1, start.session().value());
      bind(statement, 2, "text", requests, CallStart.Requested::requestId);
      bind(statement, 3, "text", requests, CallStart.Requested::method);
      statement.setArray(
          4,
          connection.createArrayOf(
              "bytea", requests.stream().map(CallStart.Requested::request).toArray(byte[][]::new)));
      bind(statement, 5, "boolean", requests, CallStart.Requested::rerunnable);
      statement.setInt(6, streamsMax);
      statement.setInt(7, streamsMax);
      statement.setInt(8, start.instance());
      statement.setInt(9, start.instance());
      statement.setString(10, start.principal().name());
      try (var rows = statement.executeQuery()) {
        return opened(rows);
      }
    }
  }

  /// One row a call; one without ids where the session lives and nothing was begun.
  private static Opened opened(ResultSet rows) throws SQLException {
    var calls = new ArrayList<CallId>();
    var stream = 0L;
    while (rows.next()) {
      stream = rows.getLong(1);
      if (rows.wasNull()) {
        return new Opened.Full();
      }
      calls.add(new CallId(rows.getLong(2)));
    }
    return calls.isEmpty() ? new Opened.Gone() : new Opened.Rows(new StreamId(stream), calls);
  }

  @Override
  public List<Orphan> takeOver(Connection connection, int instance, List<StreamId> written, int max)
      throws SQLException {
    try (var statement = connection.prepareStatement(TAKE_OVER)) {
      statement.setInt(1, instance);
      bind(statement, 2, "bigint", written, StreamId::value);
      statement.setInt(3, max);
      statement.setInt(4, instance);
      var orphans = new LinkedHashMap<Long, Orphan>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var stream = rows.getLong(1);
          var orphan =
              orphans.computeIfAbsent(
                  stream,
                  _ -> new Orphan(new StreamId(stream), 0, new SessionKey(0), new ArrayList<>()));
          orphans.put(
              stream,
              new Orphan(
                  orphan.stream(),
                  rows.getInt(2),
                  new SessionKey(rows.getLong(3)),
                  orphan.calls()));
          if (rows.getObject(4) != null) {
            orphan
                .calls()
                .add(
                    new OrphanCall(
                        new CallId(rows.getLong(4)),
                        rows.getString(5),
                        rows.getInt(6),
                        rows.getBoolean(7)));
          }
        }
      }
      return List.copyOf(orphans.values());
    }
  }

  @Override
  public List<StreamId> releaseDead(Connection connection, int max) throws SQLException {
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
