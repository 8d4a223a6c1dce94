package trunkline.stream;

import static org.jooq.Records.mapping;
import static trunkline.stream.StreamsTable.STREAMS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.DatabaseBusy;
import trunkline.store.LockPatience;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// Writes and reads `streams`.
final class StreamRows implements StreamStore {
  /// A GET that meets a locked row waits; clients give up after two errors.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  /// Positions of one batch that may wait for a locked row, so that one lane is not held up for
  /// long.
  private static final int WAITS_MAX = 4;

  private static final Field<String> VERDICT = SqlText.column("verdict", SQLDataType.CLOB);
  private static final Field<Boolean> FINISHED = SqlText.column("finished", SQLDataType.BOOLEAN);

  private static final SqlText CLAIM =
      SqlText.of(
          """
          -- streams.claim: an UPDATE of the row that publish locks, so each message is before it or sees the new holder
          WITH asked AS (
                 SELECT :stream_id::bigint AS stream_id, :session_key::bigint AS session_key,
                        :own::bigint AS own, :announcement::bigint AS announcement, :me::int AS me),
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
          SELECT j.verdict, j.standalone, coalesce(c.holder_epoch, 0) AS holder_epoch, j.holder_instance,
                 coalesce(c.position_settled, true) AS position_settled, j.finished_at IS NOT NULL AS finished,
                 j.trimmed_through
            FROM judged j LEFT JOIN claimed c ON true
          """,
          VERDICT,
          STREAMS.STANDALONE,
          STREAMS.HOLDER_EPOCH,
          STREAMS.HOLDER_INSTANCE,
          STREAMS.POSITION_SETTLED,
          FINISHED,
          STREAMS.TRIMMED_THROUGH);

  private static final String POSITION =
      """
      -- streams.position: how far holders came; a superseded one speaks once more, while nobody has settled
      WITH asked AS (
             SELECT * FROM unnest(:streams::bigint[], :epochs::bigint[], :own::bigint[], :announcements::bigint[], :closed::text[])
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

  private static final SqlText WRITE =
      SqlText.of(POSITION.formatted("SKIP LOCKED"), STREAMS.STREAM_ID);
  private static final SqlText WRITE_WAITING =
      SqlText.of(POSITION.formatted(""), STREAMS.STREAM_ID);

  private static final SqlText RELEASE_DEAD =
      SqlText.of(
          """
          -- streams.release_dead: nobody holds what a dead instance held
          WITH held AS MATERIALIZED (
                 SELECT s.stream_id FROM trunkline.streams s
                   JOIN trunkline.instances i ON i.instance_id = s.holder_instance
                  WHERE i.dead_at IS NOT NULL OR i.left_at IS NOT NULL
                  ORDER BY s.stream_id LIMIT :max FOR NO KEY UPDATE OF s SKIP LOCKED)
          UPDATE trunkline.streams s
             SET holder_instance = NULL, closed_at = clock_timestamp(), close_reason = 'fenced', position_settled = true
            FROM held h WHERE s.stream_id = h.stream_id
          RETURNING s.stream_id
          """,
          STREAMS.STREAM_ID);

  private static final SqlText CHANGES =
      SqlText.of(
          """
          -- streams.connection_news: one NOTIFY for whatever opened and closed meanwhile
          SELECT pg_notify('trunkline_connections', json_build_object(
                   'event', n.event, 'session', s.session_id, 'stream', n.stream_id, 'epoch', n.epoch,
                   'instance', n.instance, 'reason', n.reason)::text)
            FROM unnest(:events::text[], :sessions::bigint[], :streams::bigint[], :epochs::bigint[], :instances::int[], :reasons::text[])
                 WITH ORDINALITY n(event, session_key, stream_id, epoch, instance, reason, ord)
            JOIN trunkline.sessions s USING (session_key)
           ORDER BY n.ord
          """);

  private final Database database;

  StreamRows(Database database) {
    this.database = database;
  }

  @Override
  public void publish(List<ConnectionChange> changes) {
    var _ =
        database.runHere(sql ->
            sql.text(CHANGES)
                .all("events", SQLDataType.CLOB, changes, StreamRows::event)
                .all("sessions", STREAMS.SESSION_KEY, changes, c -> c.claimed().session())
                .all("streams", STREAMS.STREAM_ID, changes, c -> c.claimed().stream())
                .all("epochs", STREAMS.HOLDER_EPOCH, changes, c -> c.claimed().epoch())
                .all("instances", STREAMS.HOLDER_INSTANCE, changes, ConnectionChange::instance)
                .all("reasons", SQLDataType.CLOB, changes, StreamRows::reason)
                .rows());
  }

  private static String event(ConnectionChange change) {
    return change.closed() == null ? "opened" : "closed";
  }

  private static String reason(ConnectionChange change) {
    return change.closed() == null ? "" : change.closed().wire();
  }

  @Override
  public Optional<ClaimRow> claim(
      SessionKey session, StreamId stream, @Nullable EventId from, InstanceId instance) {
    return PATIENCE.run(
        database,
        sql ->
            sql.text(CLAIM)
                .set(STREAMS.STREAM_ID, stream)
                .set(STREAMS.SESSION_KEY, session)
                .set("own", STREAMS.POSITION_OWN, from == null ? null : (Long) from.own())
                .set(
                    "announcement",
                    STREAMS.POSITION_ANNOUNCEMENT,
                    from == null ? null : (Long) from.announcement())
                .set("me", STREAMS.HOLDER_INSTANCE, instance)
                .optional(StreamRows::claimed));
  }

  private static ClaimRow claimed(Record row) {
    return new ClaimRow(
        Verdict.valueOf(row.get(VERDICT)),
        row.get(STREAMS.STANDALONE),
        row.get(STREAMS.HOLDER_EPOCH),
        row.get(STREAMS.HOLDER_INSTANCE),
        row.get(STREAMS.POSITION_SETTLED),
        row.get(FINISHED),
        row.get(STREAMS.TRIMMED_THROUGH));
  }

  @Override
  public boolean isSettled(StreamId stream, long epoch) {
    return !database.run(sql ->
        sql.named(
                "streams.is_settled: has the former holder said how far it came, or has somebody"
                    + " else claimed")
            .fetchExists(
                STREAMS,
                STREAMS
                    .STREAM_ID
                    .eq(stream)
                    .and(STREAMS.HOLDER_EPOCH.eq(epoch))
                    .and(STREAMS.POSITION_SETTLED.isFalse())));
  }

  @Override
  public Optional<EventId> settle(StreamId stream, long epoch) {
    return PATIENCE.run(
        database,
        sql ->
            sql.named("streams.settle: no later word of a former holder counts; start here")
                .update(STREAMS)
                .set(STREAMS.POSITION_SETTLED, true)
                .where(STREAMS.STREAM_ID.eq(stream))
                .and(STREAMS.HOLDER_EPOCH.eq(epoch))
                .returningResult(
                    STREAMS.STREAM_ID, STREAMS.POSITION_OWN, STREAMS.POSITION_ANNOUNCEMENT)
                .fetchOptional(mapping(EventId::new)));
  }

  /// A busy stream's row is locked most of the time, by publishes, and the claimer waits for the
  /// last position only so long: what was skipped waits for its row, one row at a time, for as long
  /// as the lock time-out allows.
  @Override
  public List<Boolean> write(List<Position> positions) {
    var written = new ArrayList<>(database.runHere(sql -> write(sql, WRITE, positions)));
    var waits = WAITS_MAX;
    for (int i = 0; i < written.size() && waits > 0; i++) {
      if (!written.get(i)) {
        waits--;
        written.set(i, writeWaiting(positions.get(i)));
      }
    }
    return written;
  }

  private boolean writeWaiting(Position position) {
    try {
      return database.runHere(sql -> {
        var _ = write(sql, WRITE_WAITING, List.of(position));
        // Once more: it may have waited for a claim, and its snapshot is older than that.
        return write(sql, WRITE, List.of(position)).getFirst();
      });
    } catch (DatabaseBusy e) {
      return false;
    }
  }

  private static List<Boolean> write(Sql sql, SqlText text, List<Position> positions) {
    var done =
        Set.copyOf(
            sql.text(text)
                .all("streams", STREAMS.STREAM_ID, positions, Position::stream)
                .all("epochs", STREAMS.HOLDER_EPOCH, positions, Position::epoch)
                .all("own", STREAMS.POSITION_OWN, positions, Position::own)
                .all(
                    "announcements",
                    STREAMS.POSITION_ANNOUNCEMENT,
                    positions,
                    Position::announcement)
                .all("closed", STREAMS.CLOSE_REASON, positions, StreamRows::reason)
                .fetch(row -> row.get(STREAMS.STREAM_ID)));
    return positions.stream().map(position -> done.contains(position.stream())).toList();
  }

  private static @Nullable String reason(Position position) {
    return position.closed() == null ? null : position.closed().wire();
  }

  @Override
  public boolean isFinished(StreamId stream) {
    return !database.run(sql ->
        sql.named("streams.is_finished: for a parked connection, whose epoch says nothing")
            .fetchExists(STREAMS, STREAMS.STREAM_ID.eq(stream).and(STREAMS.FINISHED_AT.isNull())));
  }

  @Override
  public List<StreamId> releaseDead(int max) {
    return database.run(
        sql -> sql.text(RELEASE_DEAD).set("max", max).fetch(row -> row.get(STREAMS.STREAM_ID)));
  }
}
