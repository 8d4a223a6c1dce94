package trunkline.stream;

import static trunkline.stream.StreamsTable.STREAMS;

import java.util.Collection;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.store.SqlText;
import trunkline.stream.StreamStore.ConnectionChange;
import trunkline.stream.StreamStore.Holding;
import trunkline.stream.StreamStore.Released;
import trunkline.stream.StreamStore.Unattended;

/// Ends holdings in `streams` that are over without a word of their holder, and tells who listens
/// of all of them.
final class HoldingRows {
  private static final String LOST =
      """
        FROM trunkline.streams s JOIN trunkline.instances i ON i.instance_id = s.holder_instance
       WHERE (i.dead_at IS NOT NULL OR i.left_at IS NOT NULL) AND s.stream_id <> ALL (:aside::bigint[])
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

  private static final SqlText UNHELD =
      SqlText.of(
          """
          -- streams.unheld: said to be held by an instance that does not know of it
          SELECT s.session_key, s.stream_id, s.holder_epoch FROM trunkline.streams s
           WHERE s.holder_instance = :me
             AND NOT EXISTS (SELECT FROM unnest(:streams::bigint[], :epochs::bigint[]) h(stream_id, epoch)
                              WHERE h.stream_id = s.stream_id AND h.epoch = s.holder_epoch)
           ORDER BY s.stream_id LIMIT :max
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
                 * (CASE WHEN s.close_reason IN ('slow', 'database away', 'drained', 'released') THEN 5000 ELSE 0 END
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

  private final Database database;
  private final SetAside aside;

  HoldingRows(Database database, SetAside aside) {
    this.database = database;
    this.aside = aside;
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

  List<Released> releaseLost(int max) {
    return aside.run(
        max,
        released -> released.holding().stream().value(),
        (rows, left) ->
            database.run(sql ->
                sql.text(RELEASE_LOST)
                    .all("aside", SQLDataType.BIGINT, left)
                    .set("max", rows)
                    .fetch(HoldingRows::released)),
        left ->
            database.run(sql ->
                sql.text(FIRST_LOST)
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

  List<Holding> unheld(InstanceId instance, Collection<Holding> held, int max) {
    return database.run(sql ->
        sql.text(UNHELD)
            .set("me", STREAMS.HOLDER_INSTANCE, instance)
            .all("streams", STREAMS.STREAM_ID, held, Holding::stream)
            .all("epochs", STREAMS.HOLDER_EPOCH, held, Holding::epoch)
            .set("max", max)
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
