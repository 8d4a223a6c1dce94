package trunkline.stream;

import static org.jooq.Records.mapping;
import static trunkline.stream.StreamDirectoryTable.STREAM_DIRECTORY;
import static trunkline.stream.StreamMovesTable.STREAM_MOVES;
import static trunkline.stream.StreamsTable.STREAMS;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record9;
import org.jooq.SelectJoinStep;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.cluster.Walk;
import trunkline.session.SessionId;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.store.SqlText;
import trunkline.stream.StreamDirectory.Place;
import trunkline.stream.StreamStore.ConnectionChange;
import trunkline.stream.StreamStore.Holding;
import trunkline.stream.StreamStore.Move;
import trunkline.stream.StreamStore.Released;
import trunkline.stream.StreamStore.Unattended;

/// Who holds what in `streams`, as everybody may ask; ends holdings that are over without a word of
/// their holder, and tells who listens of all of them.
final class HoldingRows {
  /// More than a session may have.
  private static final int PLACES_MAX = 1_000;

  /// Pages of the walks: no index leads to what somebody holds, since each claim would have to
  /// write it.
  private static final int PAGE_ROWS = 2_000;

  /// Pages of one look when there may be something on each.
  private static final int PAGES_AT_ONCE = 20;

  private static final Field<Long> END = SqlText.column("page_end", SQLDataType.BIGINT);
  private static final Field<Instant> GONE_AT = SqlText.column("gone_at", SQLDataType.INSTANT);

  private static final Field<Boolean> FOUND = SqlText.column("found", SQLDataType.BOOLEAN);

  private static final SqlText PAGE =
      SqlText.of(
          """
          -- streams.page: where the next page of a walk ends, if it is full, and when an instance last died or left; whether any of
          -- it is held by one that has, or by the one that asks for its own
          WITH page AS MATERIALIZED (
                 SELECT (SELECT stream_id FROM trunkline.streams
                          WHERE stream_id > :after ORDER BY stream_id OFFSET :rows - 1 LIMIT 1) AS page_end)
          SELECT page_end,
                 (SELECT max(coalesce(dead_at, left_at)) FROM trunkline.instances WHERE coalesce(dead_at, left_at) IS NOT NULL) AS gone_at,
                 CASE WHEN :me::integer IS NULL THEN EXISTS (
                   SELECT FROM trunkline.streams s JOIN trunkline.instances i ON i.instance_id = s.holder_instance
                    WHERE s.stream_id > :after AND s.stream_id <= (SELECT coalesce(page_end, 9223372036854775807) FROM page)
                      AND (i.dead_at IS NOT NULL OR i.left_at IS NOT NULL))
                 ELSE EXISTS (
                   SELECT FROM trunkline.streams s
                    WHERE s.stream_id > :after AND s.stream_id <= (SELECT coalesce(page_end, 9223372036854775807) FROM page)
                      AND s.holder_instance = :me) END AS found
            FROM page
          """,
          END,
          GONE_AT,
          FOUND);

  private static final String LOST =
      """
        FROM trunkline.streams s JOIN trunkline.instances i ON i.instance_id = s.holder_instance
       WHERE s.stream_id > :after AND s.stream_id <= :through
         AND (i.dead_at IS NOT NULL OR i.left_at IS NOT NULL) AND s.stream_id <> ALL (:aside::bigint[])
       ORDER BY s.stream_id LIMIT :max FOR NO KEY UPDATE OF s SKIP LOCKED\
      """;

  private static final SqlText FIRST_LOST =
      SqlText.of(
          """
          -- streams.lost: the one that could not be released
          SELECT s.stream_id
          %s
          """
              .formatted(LOST),
          STREAMS.STREAM_ID);

  private static final SqlText RELEASE_LOST =
      SqlText.of(
          """
          -- streams.release_lost: nobody holds what an instance held that is dead or has left
          WITH held AS MATERIALIZED (
                 SELECT s.stream_id, s.holder_instance, CASE WHEN i.dead_at IS NULL THEN 'drained' ELSE 'fenced' END AS reason
          %s)
          UPDATE trunkline.streams s
             SET holder_instance = NULL, closed_at = clock_timestamp(), close_reason = h.reason
            FROM held h WHERE s.stream_id = h.stream_id
          RETURNING s.session_key, s.stream_id, s.holder_epoch, h.holder_instance, s.close_reason
          """
              .formatted(LOST),
          STREAMS.SESSION_KEY,
          STREAMS.STREAM_ID,
          STREAMS.HOLDER_EPOCH,
          STREAMS.HOLDER_INSTANCE,
          STREAMS.CLOSE_REASON);

  private static final SqlText SAID =
      SqlText.of(
          """
          -- streams.said_held: by this instance, of a page; who holds them knows which it does not
          SELECT s.session_key, s.stream_id, s.holder_epoch FROM trunkline.streams s
           WHERE s.stream_id > :after AND s.stream_id <= :through AND s.holder_instance = :me
           ORDER BY s.stream_id
          """,
          STREAMS.SESSION_KEY,
          STREAMS.STREAM_ID,
          STREAMS.HOLDER_EPOCH);

  private static final Field<Long> PARKED_EPOCH =
      SqlText.column("parked_epoch", SQLDataType.BIGINT);

  /// A client that was sent away comes back by itself; and of two that wait the younger one has a
  /// head start.
  private static final SqlText UNATTENDED =
      SqlText.of(
          """
          -- streams.unattended: nobody holds what these parked connections wait for
          SELECT s.stream_id, p.epoch AS parked_epoch, s.holder_epoch
            FROM trunkline.streams s JOIN unnest(:streams::bigint[], :epochs::bigint[]) p(stream_id, epoch) ON p.stream_id = s.stream_id
           WHERE s.holder_instance IS NULL AND s.close_reason <> 'ended'
             AND s.closed_at + interval '1 ms'
                 * (CASE WHEN s.close_reason IN ('slow', 'database away', 'drained', 'released', 'migrated') THEN 5000 ELSE 0 END
                    + 400 * least(greatest(s.holder_epoch - p.epoch - 1, 0), 2)) <= clock_timestamp()
           ORDER BY s.stream_id, p.epoch DESC
          """,
          STREAMS.STREAM_ID,
          PARKED_EPOCH,
          STREAMS.HOLDER_EPOCH);

  private static final SqlText CHANGES =
      SqlText.of(
          """
          -- streams.connection_news: one NOTIFY for whatever opened and closed meanwhile
          SELECT pg_notify('trunkline_connections', json_build_object(
                   'event', n.event, 'stream', n.stream_id, 'epoch', n.epoch,
                   'instance', n.instance, 'reason', n.reason)::text)
            FROM unnest(:events::text[], :streams::bigint[], :epochs::bigint[], :instances::int[], :reasons::text[])
                 WITH ORDINALITY n(event, stream_id, epoch, instance, reason, ord)
           ORDER BY n.ord
          """);

  private static final SqlText MOVES =
      SqlText.of(
          """
          -- stream_moves.mine: the few wishes there are, each looked up, of connections that are still those that were meant
          SELECT m.stream_id, m.holder_epoch, m.to_instance
            FROM trunkline.stream_moves m
           CROSS JOIN LATERAL (SELECT FROM trunkline.streams s
                                WHERE s.stream_id = m.stream_id AND s.holder_epoch = m.holder_epoch AND s.holder_instance = :me OFFSET 0) s
           ORDER BY m.stream_id
          """,
          STREAMS.STREAM_ID,
          STREAMS.HOLDER_EPOCH,
          STREAM_MOVES.TO_INSTANCE);

  private static final SqlText FORGET_MOVES =
      SqlText.of(
          """
          -- stream_moves.forget: the connection that was meant has ended
          WITH moot AS MATERIALIZED (
                 SELECT m.stream_id FROM trunkline.stream_moves m
                  WHERE NOT EXISTS (SELECT FROM trunkline.streams s
                                     WHERE s.stream_id = m.stream_id AND s.holder_epoch = m.holder_epoch AND s.holder_instance IS NOT NULL)
                  ORDER BY m.stream_id LIMIT :max FOR UPDATE OF m SKIP LOCKED)
          DELETE FROM trunkline.stream_moves m USING moot
           WHERE m.stream_id = moot.stream_id
             AND NOT EXISTS (SELECT FROM trunkline.streams s
                              WHERE s.stream_id = m.stream_id AND s.holder_epoch = m.holder_epoch AND s.holder_instance IS NOT NULL)
          """);

  /// A page of a walk.
  ///
  /// @param end the key of its last row; empty when the table ends before it is full
  /// @param goneAt when an instance last died or left
  /// @param found whether any of its streams is held by one that has, or by whoever asked
  private record Page(Optional<Long> end, Optional<Instant> goneAt, boolean found) {}

  private final Database database;
  private final SetAside aside;
  private final Walk lost = new Walk(PAGE_ROWS);
  private final Walk ours = new Walk(PAGE_ROWS);

  HoldingRows(Database database) {
    this(database, new SetAside("streams", _ -> {}));
  }

  HoldingRows(Database database, SetAside aside) {
    this.database = database;
    this.aside = aside;
  }

  List<Move> moves(InstanceId instance) {
    return database.run(sql ->
        sql.text(MOVES)
            .set("me", STREAMS.HOLDER_INSTANCE, instance)
            .fetch(row ->
                new Move(
                    row.get(STREAMS.STREAM_ID),
                    row.get(STREAMS.HOLDER_EPOCH),
                    row.get(STREAM_MOVES.TO_INSTANCE))));
  }

  int forgetMoves(int max) {
    return database.run(sql -> sql.text(FORGET_MOVES).set("max", max).execute());
  }

  /// Asks the holder of a session's standalone stream to send it to another instance.
  ///
  /// @return the outcome as the function spells it
  String migrate(String session, InstanceId to) {
    var heading = "stream_moves.wish: an operator wants a session on another instance";
    return database.run(sql -> Routines.migrate(sql.routine(heading), session, to));
  }

  /// The instance that a session is connected to.
  Optional<InstanceId> instanceOf(SessionId session) {
    var heading =
        "stream_directory.session_instance: of the standalone stream, else the newest call's";
    return Optional.ofNullable(
            database.run(sql -> Routines.sessionInstance(sql.routine(heading), session.value())))
        .map(InstanceId::new);
  }

  /// The streams of a session, the standalone one first.
  List<Place> ofSession(SessionId session) {
    return database.run(sql ->
        directory(sql.named("stream_directory.of_session: where a client is connected"))
            .where(STREAM_DIRECTORY.SESSION_ID.eq(session))
            .orderBy(STREAM_DIRECTORY.STANDALONE.desc(), STREAM_DIRECTORY.STREAM_ID)
            .limit(PLACES_MAX)
            .fetch(mapping(Place::new)));
  }

  /// What an instance holds, by stream.
  List<Place> ofInstance(InstanceId instance, StreamId after, int max) {
    return database.run(sql ->
        directory(sql.named("stream_directory.of_instance: who is connected there"))
            .where(STREAM_DIRECTORY.INSTANCE_ID.eq(instance))
            .and(STREAM_DIRECTORY.STREAM_ID.gt(after))
            .orderBy(STREAM_DIRECTORY.STREAM_ID)
            .limit(max)
            .fetch(mapping(Place::new)));
  }

  private static SelectJoinStep<
          Record9<
              SessionId, StreamId, Boolean, InstanceId, Long, Instant, Instant, String, Instant>>
      directory(DSLContext sql) {
    return sql.select(
            STREAM_DIRECTORY.SESSION_ID,
            STREAM_DIRECTORY.STREAM_ID,
            STREAM_DIRECTORY.STANDALONE,
            STREAM_DIRECTORY.INSTANCE_ID,
            STREAM_DIRECTORY.EPOCH,
            STREAM_DIRECTORY.OPENED_AT,
            STREAM_DIRECTORY.CLOSED_AT,
            STREAM_DIRECTORY.CLOSE_REASON,
            STREAM_DIRECTORY.FINISHED_AT)
        .from(STREAM_DIRECTORY);
  }

  void publish(List<ConnectionChange> changes) {
    var _ =
        database.runHere(sql ->
            sql.text(CHANGES)
                .all("events", SQLDataType.CLOB, changes, HoldingRows::event)
                .all("streams", STREAMS.STREAM_ID, changes, c -> c.holding().stream())
                .all("epochs", STREAMS.HOLDER_EPOCH, changes, c -> c.holding().epoch())
                .all("instances", STREAMS.HOLDER_INSTANCE, changes, ConnectionChange::instance)
                .all("reasons", SQLDataType.CLOB, changes, HoldingRows::reason)
                .rows());
  }

  private static String event(ConnectionChange change) {
    return change.closed() == null ? "opened" : "closed";
  }

  private static String reason(ConnectionChange change) {
    return change.closed() == null ? "" : change.closed().wire();
  }

  /// Whether the walk through what the dead hold is under way, or to begin since an instance has
  /// died or left.
  ///
  /// @param goneAt when the latest did
  boolean mayBeLost(Optional<Instant> goneAt) {
    lost.hurry(goneAt);
    return lost.isHurried();
  }

  /// Of the next pages of a walk. At once through all of them when an instance has died or left.
  List<Released> releaseLost(int max) {
    var released = new ArrayList<Released>();
    var found = new AtomicBoolean();
    var pages = 0;
    do {
      lost.step(
          (after, rows) -> {
            var page = page(after, rows, null);
            lost.hurry(page.goneAt());
            found.set(page.found());
            return page.end();
          },
          (after, through) -> found.get() && released.addAll(releaseLost(after, through, max)));
    } while (released.isEmpty() && lost.isHurried() && !lost.isWhole() && ++pages < PAGES_AT_ONCE);
    return released;
  }

  /// @param me asks for its own; null asks for what the dead hold
  private Page page(long after, int rows, @Nullable InstanceId me) {
    return database.run(sql ->
        sql.text(PAGE)
            .set("after", after)
            .set("rows", rows)
            .set("me", STREAMS.HOLDER_INSTANCE, me)
            .single(row ->
                new Page(
                    Optional.ofNullable(row.get(END)),
                    Optional.ofNullable(row.get(GONE_AT)),
                    row.get(FOUND))));
  }

  private List<Released> releaseLost(long after, long through, int max) {
    return aside.run(
        max,
        released -> released.holding().stream().value(),
        (rows, left) ->
            database.run(sql ->
                sql.text(RELEASE_LOST)
                    .set("after", after)
                    .set("through", through)
                    .all("aside", SQLDataType.BIGINT, left)
                    .set("max", rows)
                    .fetch(HoldingRows::released)),
        left ->
            database.run(sql ->
                sql.text(FIRST_LOST)
                    .set("after", after)
                    .set("through", through)
                    .all("aside", SQLDataType.BIGINT, left)
                    .set("max", 1)
                    .optional(row -> row.get(STREAMS.STREAM_ID).value())));
  }

  private static Released released(Record row) {
    return new Released(
        holding(row),
        row.get(STREAMS.HOLDER_INSTANCE),
        CloseReason.of(row.get(STREAMS.CLOSE_REASON)));
  }

  /// Of the next page of a walk, which stays there while it finds something. What is held is
  /// compared here: the database would look through it once for each row.
  List<Holding> unheld(InstanceId instance, Set<Holding> held, int max) {
    var found = new ArrayList<Holding>();
    var any = new AtomicBoolean();
    ours.step(
        (after, rows) -> {
          var page = page(after, rows, instance);
          any.set(page.found());
          return page.end();
        },
        (after, through) -> {
          if (any.get()) {
            said(instance, after, through).stream()
                .filter(said -> !held.contains(said))
                .limit(max)
                .forEach(found::add);
          }
          return !found.isEmpty();
        });
    return found;
  }

  private List<Holding> said(InstanceId instance, long after, long through) {
    return database.run(sql ->
        sql.text(SAID)
            .set("me", STREAMS.HOLDER_INSTANCE, instance)
            .set("after", after)
            .set("through", through)
            .fetch(HoldingRows::holding));
  }

  List<Unattended> unattended(Collection<Holding> parked) {
    return database.run(sql ->
        sql.text(UNATTENDED)
            .all("streams", STREAMS.STREAM_ID, parked, Holding::stream)
            .all("epochs", STREAMS.HOLDER_EPOCH, parked, Holding::epoch)
            .fetch(row ->
                new Unattended(
                    row.get(STREAMS.STREAM_ID),
                    row.get(PARKED_EPOCH),
                    row.get(STREAMS.HOLDER_EPOCH))));
  }

  private static Holding holding(Record row) {
    return new Holding(
        row.get(STREAMS.SESSION_KEY), row.get(STREAMS.STREAM_ID), row.get(STREAMS.HOLDER_EPOCH));
  }
}
