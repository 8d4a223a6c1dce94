package trunkline.call;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.signal.Wakes;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlState;
import trunkline.stream.CallId;

/// Writes and reads `calls`, and the streams that come and go with them.
final class CallRows implements CallStore {
  /// A call that meets a locked row waits; clients give up after two errors.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

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

  private final Database database;

  CallRows(Database database) {
    this.database = database;
  }

  @Override
  public Opened open(CallStart start, int streamsMax) {
    try {
      return database.callToTheEnd(PATIENCE.around(c -> open(c, start, streamsMax)));
    } catch (DataAccessException e) {
      if (e.getCause() instanceof SQLException cause
          && SqlState.of(cause) == SqlState.UNIQUE_VIOLATION) {
        return new Opened.Running();
      }
      throw e;
    }
  }

  private static Opened open(Connection connection, CallStart start, int streamsMax)
      throws SQLException {
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
      statement.setInt(8, start.instance().value());
      statement.setInt(9, start.instance().value());
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
  public Wakes cancel(SessionKey session, String requestId, String reason) {
    return PATIENCE.call(database, c -> cancel(c, session, requestId, reason));
  }

  private static Wakes cancel(
      Connection connection, SessionKey session, String requestId, String reason)
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
  public Map<CallId, String> cancelledAmong(List<CallId> calls) {
    return database.call(c -> cancelledAmong(c, calls));
  }

  private static Map<CallId, String> cancelledAmong(Connection connection, List<CallId> calls)
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
  public List<Orphan> takeOver(InstanceId instance, List<StreamId> written, int max) {
    return database.call(c -> takeOver(c, instance, written, max));
  }

  private static List<Orphan> takeOver(
      Connection connection, InstanceId instance, List<StreamId> written, int max)
      throws SQLException {
    try (var statement = connection.prepareStatement(TAKE_OVER)) {
      statement.setInt(1, instance.value());
      bind(statement, 2, "bigint", written, StreamId::value);
      statement.setInt(3, max);
      statement.setInt(4, instance.value());
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
