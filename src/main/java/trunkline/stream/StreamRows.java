package trunkline.stream;

import static java.util.Collections.nCopies;
import static org.jooq.Records.mapping;
import static trunkline.stream.StreamsTable.STREAMS;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.DatabaseBusy;
import trunkline.store.LockPatience;
import trunkline.store.SetAside;
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
  private static final Field<Boolean> FORMER_SETTLED =
      SqlText.column("former_settled", SQLDataType.BOOLEAN);
  private static final Field<Boolean> FINISHED = SqlText.column("finished", SQLDataType.BOOLEAN);

  private static final Field<Long> FORMER_EPOCH =
      SqlText.column("former_epoch", SQLDataType.BIGINT);
  private static final Field<Long> OWN = SqlText.column("own", SQLDataType.BIGINT);
  private static final Field<Long> ANNOUNCEMENT =
      SqlText.column("announcement", SQLDataType.BIGINT);

  /// Where nobody's last word is awaited, the claim settles as well: a commit less.
  private static final String CLAIMING =
      """
      -- streams.claim: an UPDATE of the row that publish locks, so each message is before it or sees the new holder
      WITH asked AS MATERIALIZED (
             SELECT a.* FROM unnest(:streams::bigint[], :sessions::bigint[], :own::bigint[], :announcements::bigint[], :instances::int[],
                                    :held::bigint[]) a(stream_id, session_key, own, announcement, me, held)),
           control AS MATERIALIZED (
             SELECT i.prefix, c.announcement_floor, c.restored_at, c.epoch_floor
               FROM trunkline.issuing i LEFT JOIN trunkline.control c ON true  -- without its row: away, not unknown
              LIMIT 1),  -- the planner takes a table that nobody has analyzed for 380 rows, and the joins for billions: 0.6 s
           issued AS (
             SELECT k.prefix | e.last_value AS own, k.prefix | a.last_value AS announcement
               FROM control k CROSS JOIN trunkline.event_seq e CROSS JOIN trunkline.announcement_seq a LIMIT 1),
           former AS MATERIALIZED (
             SELECT s.stream_id, s.standalone, s.holder_instance, s.holder_epoch, s.position_settled, s.finished_at, s.trimmed_through,
                    greatest(CASE WHEN s.created_at < k.restored_at THEN k.epoch_floor ELSE 0 END,
                             ((k.prefix >> 47) - 1) << 32) AS epoch_floor  -- a promoted standby may lack claims: no epoch twice
               FROM trunkline.streams s JOIN asked a ON s.stream_id = a.stream_id AND s.session_key = a.session_key
              CROSS JOIN control k
              WHERE a.held IS NULL OR s.holder_epoch = a.held AND s.holder_instance IS NULL
              ORDER BY s.stream_id FOR NO KEY UPDATE OF s %s),
           known AS MATERIALIZED (  -- a place is a message of the stream, its floor, or the start: any other is of a lost future
             SELECT f.stream_id,
                    CASE WHEN a.own > f.trimmed_through
                         THEN greatest(f.trimmed_through,
                                       (SELECT max(m.event_id) FROM trunkline.outbound_messages m
                                         WHERE m.stream_id = f.stream_id AND m.event_id <= a.own))
                         ELSE a.own END AS own,
                    CASE WHEN a.announcement <= i.announcement THEN a.announcement
                         WHEN f.standalone THEN k.announcement_floor END AS announcement, k.announcement_floor
               FROM former f JOIN asked a USING (stream_id) CROSS JOIN issued i CROSS JOIN control k),
           judged AS MATERIALIZED (
             SELECT f.*, k.own, CASE WHEN a.own > k.own THEN greatest(k.announcement, k.announcement_floor)
                                     WHEN a.own IS NOT NULL THEN k.announcement END AS announcement,
                    CASE WHEN a.own IS NULL THEN 'GRANTED'
                         WHEN f.standalone AND (a.own > k.own OR a.announcement > k.announcement) THEN 'LOST'
                         WHEN f.standalone THEN 'GRANTED'
                         WHEN a.own > i.own OR k.announcement IS NULL THEN 'FUTURE'
                         WHEN a.own > k.own OR a.own < f.trimmed_through THEN 'GAP'
                         ELSE 'GRANTED' END AS verdict
               FROM former f JOIN asked a USING (stream_id) CROSS JOIN issued i JOIN known k USING (stream_id)),
           claimed AS (
             UPDATE trunkline.streams s
                SET holder_instance = a.me, reader_instance = a.me, holder_epoch = greatest(s.holder_epoch, j.epoch_floor) + 1,
                    opened_at = clock_timestamp(), closed_at = NULL, close_reason = NULL,
                    position_own = coalesce(j.own, s.position_own),
                    position_announcement = coalesce(j.announcement, s.position_announcement),
                    position_epoch = CASE WHEN a.own IS NULL AND (j.holder_instance IS NOT NULL OR NOT j.position_settled)
                                          THEN s.position_epoch ELSE greatest(s.holder_epoch, j.epoch_floor) + 1 END,
                    position_settled = a.own IS NOT NULL OR j.holder_instance IS NULL AND j.position_settled
               FROM judged j JOIN asked a USING (stream_id) WHERE s.stream_id = j.stream_id AND j.verdict IN ('GRANTED', 'LOST')
             RETURNING s.stream_id, s.holder_epoch, s.position_settled, s.position_own, s.position_announcement)
      SELECT j.stream_id, j.verdict, j.standalone, coalesce(c.holder_epoch, 0) AS holder_epoch, j.holder_instance,
             j.holder_epoch AS former_epoch, j.position_settled AS former_settled, j.own, j.announcement,
             coalesce(c.position_settled, true) AS position_settled, j.finished_at IS NOT NULL AS finished,
             j.trimmed_through, c.position_own, c.position_announcement
        FROM judged j LEFT JOIN claimed c USING (stream_id)
      """;

  private static final SqlText CLAIM = claiming("SKIP LOCKED");
  private static final SqlText CLAIM_WAITING = claiming("");

  private static SqlText claiming(String locked) {
    return SqlText.of(
        CLAIMING.formatted(locked),
        STREAMS.STREAM_ID,
        VERDICT,
        STREAMS.STANDALONE,
        STREAMS.HOLDER_EPOCH,
        STREAMS.HOLDER_INSTANCE,
        FORMER_EPOCH,
        OWN,
        ANNOUNCEMENT,
        FORMER_SETTLED,
        STREAMS.POSITION_SETTLED,
        FINISHED,
        STREAMS.TRIMMED_THROUGH,
        STREAMS.POSITION_OWN,
        STREAMS.POSITION_ANNOUNCEMENT);
  }

  /// One row for each stream in the end: PostgreSQL updates a row once in a statement, and which of
  /// two would win is not defined. Judged by the locked rows, which are newer than the snapshot.
  private static final String POSITION =
      """
      -- streams.position: how far holders came; the word of a former one counts until a later one has begun or somebody has settled
      WITH asked AS MATERIALIZED (
             SELECT stream_id, epoch, max(own) AS own, max(announcement) AS announcement, max(closed) AS closed
               FROM unnest(:streams::bigint[], :epochs::bigint[], :own::bigint[], :announcements::bigint[], :closed::text[])
                      a(stream_id, epoch, own, announcement, closed)
              GROUP BY stream_id, epoch),
           locked AS MATERIALIZED (
             SELECT s.stream_id, s.holder_instance, s.holder_epoch, s.position_epoch, s.position_settled FROM trunkline.streams s
              WHERE s.stream_id IN (SELECT stream_id FROM asked)
              ORDER BY s.stream_id FOR NO KEY UPDATE %s),
           word AS (
             SELECT DISTINCT ON (l.stream_id) l.stream_id, a.epoch, a.own, a.announcement
               FROM locked l JOIN asked a USING (stream_id)
              WHERE a.own IS NOT NULL AND a.epoch >= l.position_epoch
                AND (a.epoch = l.holder_epoch
                     OR a.epoch < l.holder_epoch AND a.closed IS NOT NULL AND NOT l.position_settled)
              ORDER BY l.stream_id, a.epoch DESC),
           close AS (
             SELECT l.stream_id, a.closed FROM locked l JOIN asked a ON a.stream_id = l.stream_id AND a.epoch = l.holder_epoch
              WHERE a.closed IS NOT NULL AND l.holder_instance IS NOT NULL),
           written AS (
             UPDATE trunkline.streams s
                SET position_own = CASE WHEN w.epoch = s.position_epoch THEN greatest(w.own, s.position_own)
                                        ELSE coalesce(w.own, s.position_own) END,
                    position_announcement = CASE WHEN w.epoch = s.position_epoch THEN greatest(w.announcement, s.position_announcement)
                                                 ELSE coalesce(w.announcement, s.position_announcement) END,
                    position_epoch = coalesce(w.epoch, s.position_epoch),
                    position_settled = s.position_settled OR coalesce(w.epoch < l.holder_epoch, false),
                    holder_instance = CASE WHEN c.closed IS NULL THEN s.holder_instance END,
                    closed_at = CASE WHEN c.closed IS NULL THEN s.closed_at ELSE clock_timestamp() END,
                    close_reason = coalesce(c.closed, s.close_reason)
               FROM locked l LEFT JOIN word w USING (stream_id) LEFT JOIN close c USING (stream_id)
              WHERE s.stream_id = l.stream_id AND (w.stream_id IS NOT NULL OR c.stream_id IS NOT NULL))
      SELECT l.stream_id FROM locked l
      UNION ALL
      SELECT a.stream_id FROM asked a WHERE NOT EXISTS (SELECT FROM trunkline.streams s WHERE s.stream_id = a.stream_id)
      """;

  private static final SqlText WRITE =
      SqlText.of(POSITION.formatted("SKIP LOCKED"), STREAMS.STREAM_ID);
  private static final SqlText WRITE_WAITING =
      SqlText.of(POSITION.formatted(""), STREAMS.STREAM_ID);

  private static final SqlText AWAITS_LAST_WORD =
      SqlText.of(
          """
          -- streams.awaits_last_word: the former holder lives and has not said how far it came, and nobody else has claimed
          SELECT s.stream_id FROM trunkline.streams s
           WHERE s.stream_id = :stream_id AND s.holder_epoch = :epoch AND NOT s.position_settled
             AND EXISTS (SELECT FROM trunkline.instances i
                          WHERE i.instance_id = coalesce(:former::int, i.instance_id)
                            AND i.dead_at IS NULL AND i.left_at IS NULL AND i.lease_until > clock_timestamp())
          """,
          STREAMS.STREAM_ID);

  private final Database database;
  private final HoldingRows holdings;

  /// @param aside for streams that cannot be released
  StreamRows(Database database, SetAside aside) {
    this.database = database;
    this.holdings = new HoldingRows(database, aside);
  }

  @Override
  public Optional<ClaimRow> claim(Wanted wanted) {
    return PATIENCE.runToTheEnd(
        database,
        sql -> claims(sql, CLAIM_WAITING, List.of(wanted)).optional(row -> claimed(wanted, row)));
  }

  @Override
  public List<Optional<ClaimRow>> claim(List<Wanted> wanted) {
    var places = new HashMap<StreamId, Integer>();
    for (int i = 0; i < wanted.size(); i++) {
      places.putIfAbsent(wanted.get(i).stream(), i);
    }
    var asked = places.values().stream().sorted().map(wanted::get).toList();
    var rows = database.runHere(sql -> claims(sql, CLAIM, asked).rows());
    var claimed = new ArrayList<Optional<ClaimRow>>(nCopies(wanted.size(), Optional.empty()));
    for (var row : rows) {
      int place = Objects.requireNonNull(places.get(row.get(STREAMS.STREAM_ID)));
      claimed.set(place, Optional.of(claimed(wanted.get(place), row)));
    }
    return claimed;
  }

  private static BoundText claims(Sql sql, SqlText text, List<Wanted> wanted) {
    return sql.text(text)
        .all("streams", STREAMS.STREAM_ID, wanted, Wanted::stream)
        .all("sessions", STREAMS.SESSION_KEY, wanted, Wanted::session)
        .all("own", STREAMS.POSITION_OWN, wanted, each -> own(each.from()))
        .all(
            "announcements",
            STREAMS.POSITION_ANNOUNCEMENT,
            wanted,
            each -> announcement(each.from()))
        .all("instances", STREAMS.HOLDER_INSTANCE, wanted, Wanted::instance)
        .all("held", STREAMS.HOLDER_EPOCH, wanted, Wanted::heldEpoch);
  }

  private static ClaimRow claimed(Wanted wanted, Record row) {
    var verdict = Verdict.valueOf(row.get(VERDICT));
    boolean settled = row.get(STREAMS.POSITION_SETTLED);
    var begins = verdict == Verdict.GRANTED && wanted.from() == null && settled;
    return new ClaimRow(
        verdict,
        row.get(STREAMS.STANDALONE),
        row.get(STREAMS.HOLDER_EPOCH),
        row.get(STREAMS.HOLDER_INSTANCE),
        row.get(FORMER_EPOCH),
        verdict == Verdict.LOST
            ? new EventId(wanted.stream(), row.get(OWN), row.get(ANNOUNCEMENT))
            : null,
        row.get(FORMER_SETTLED),
        settled,
        begins
            ? new EventId(
                wanted.stream(),
                row.get(STREAMS.POSITION_OWN),
                row.get(STREAMS.POSITION_ANNOUNCEMENT))
            : null,
        row.get(FINISHED),
        row.get(STREAMS.TRIMMED_THROUGH));
  }

  @Override
  public boolean awaitsLastWord(StreamId stream, long epoch, @Nullable InstanceId former) {
    return database.run(sql ->
        sql.text(AWAITS_LAST_WORD)
            .set(STREAMS.STREAM_ID, stream)
            .set("epoch", STREAMS.HOLDER_EPOCH, epoch)
            .set("former", STREAMS.HOLDER_INSTANCE, former)
            .optional(_ -> true)
            .isPresent());
  }

  @Override
  public Optional<EventId> settle(StreamId stream, long epoch) {
    return PATIENCE.run(
        database,
        sql ->
            sql.named("streams.settle: no later word of a former holder counts; start here")
                .update(STREAMS)
                .set(STREAMS.POSITION_SETTLED, true)
                .set(STREAMS.POSITION_EPOCH, epoch)
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
      return database.runHere(sql -> write(sql, WRITE_WAITING, List.of(position))).getFirst();
    } catch (DatabaseBusy e) {
      return false;
    }
  }

  private static List<Boolean> write(Sql sql, SqlText text, List<Position> positions) {
    var done =
        Set.copyOf(
            sql.text(text)
                .all("streams", STREAMS.STREAM_ID, positions, p -> p.holding().stream())
                .all("epochs", STREAMS.HOLDER_EPOCH, positions, p -> p.holding().epoch())
                .all("own", STREAMS.POSITION_OWN, positions, p -> own(p.cursor()))
                .all(
                    "announcements",
                    STREAMS.POSITION_ANNOUNCEMENT,
                    positions,
                    p -> announcement(p.cursor()))
                .all("closed", STREAMS.CLOSE_REASON, positions, StreamRows::reason)
                .fetch(row -> row.get(STREAMS.STREAM_ID)));
    return positions.stream().map(position -> done.contains(position.holding().stream())).toList();
  }

  private static @Nullable Long own(@Nullable EventId place) {
    return place == null ? null : (Long) place.own();
  }

  private static @Nullable Long announcement(@Nullable EventId place) {
    return place == null ? null : (Long) place.announcement();
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
  public boolean mayBeLost(Optional<Instant> goneAt) {
    return holdings.mayBeLost(goneAt);
  }

  @Override
  public List<Released> releaseLost(int max) {
    return holdings.releaseLost(max);
  }

  @Override
  public List<Holding> unheld(InstanceId instance, Set<Holding> held, int max) {
    return holdings.unheld(instance, held, max);
  }

  @Override
  public List<Unattended> unattended(Collection<Holding> parked) {
    return holdings.unattended(parked);
  }

  @Override
  public List<Move> moves(InstanceId instance) {
    return holdings.moves(instance);
  }

  @Override
  public int forgetMoves(int max) {
    return holdings.forgetMoves(max);
  }

  @Override
  public void publish(List<ConnectionChange> changes) {
    holdings.publish(changes);
  }
}
