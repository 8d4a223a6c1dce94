package trunkline.call;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static trunkline.call.CallsTable.CALLS;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.Result;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.call.CallStart.Requested;
import trunkline.session.CallId;
import trunkline.session.Principal;
import trunkline.session.SessionId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SetAside;
import trunkline.store.Sql;
import trunkline.store.SqlText;
import trunkline.store.StatementRefused;

/// Writes and reads `calls`, and the streams that come and go with them.
final class CallRows implements CallStore {
  /// A call that meets a locked row waits; clients give up after two errors.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private static final SqlText OPEN =
      SqlText.of(
          """
          -- streams.open: a call's stream, written and held by one instance, in a session that cannot end meanwhile;
          -- none where nothing could be written to it, or in a database that nobody has looked at, whose numbers may be somebody's.
          -- Repeated after a lost answer it does not count its own calls, and is refused: one id runs once
          WITH alive AS MATERIALIZED (
                 SELECT session_key FROM trunkline.sessions WHERE session_key = :session_key AND ended_at IS NULL
                    AND (SELECT i.prefix | i.current_slot FROM trunkline.issuing i) >= 0 FOR KEY SHARE),
               asked AS (
                 SELECT * FROM unnest(:request_ids::text[], :methods::text[], :requests::bytea[], :rerunnable::boolean[])
                   WITH ORDINALITY r(request_id, method, request, rerunnable, ord)),
               room AS MATERIALIZED (
                 SELECT a.session_key FROM alive a
                  WHERE (SELECT count(*) FROM (SELECT FROM trunkline.calls c
                                                WHERE c.session_key = a.session_key AND c.finished_at IS NULL
                                                  AND c.opening IS DISTINCT FROM :opening LIMIT :streams_max) running)
                        + (SELECT count(*) FROM asked) <= :streams_max),
               stream AS (
                 INSERT INTO trunkline.streams (session_key, standalone, holder_instance, reader_instance, holder_epoch,
                                                writer_instance, writer_epoch, opened_at)
                 SELECT session_key, false, :instance, :instance, 1, :instance, 1, clock_timestamp() FROM room RETURNING stream_id),
               begun AS (
                 INSERT INTO trunkline.calls (stream_id, session_key, request_id, method, request, principal, rerunnable, opening)
                 SELECT s.stream_id, a.session_key, r.request_id, r.method, r.request, :principal, r.rerunnable, :opening
                   FROM stream s CROSS JOIN room a CROSS JOIN asked r ORDER BY r.ord
                 RETURNING stream_id, call_id)
          SELECT b.stream_id, b.call_id FROM alive LEFT JOIN begun b ON true ORDER BY b.call_id
          """,
          CALLS.STREAM_ID,
          CALLS.CALL_ID);

  private static final SqlText OPENED =
      SqlText.of(
          """
          -- calls.opened: what an opening did whose answer was lost; by the index of the ids that run
          SELECT stream_id, call_id FROM trunkline.calls
           WHERE session_key = :session_key AND request_id = ANY (:request_ids) AND finished_at IS NULL AND opening = :opening
           ORDER BY call_id
          """,
          CALLS.STREAM_ID,
          CALLS.CALL_ID);

  private static final Field<Integer> WRITER_EPOCH =
      SqlText.column("writer_epoch", SQLDataType.INTEGER);

  private static final Field<String> SESSION_ID = SqlText.column("session_id", SQLDataType.CLOB);

  private static final Field<Boolean> CANCELLED = SqlText.column("cancelled", SQLDataType.BOOLEAN);

  /// By the few writers that have unfinished streams, one index look-up each, however many streams
  /// there are; then judged.
  private static final String ORPHANS =
      """
        FROM trunkline.streams s JOIN trunkline.instances i ON i.instance_id = s.writer_instance
       WHERE s.stream_id = ANY (ARRAY (
               WITH RECURSIVE writers AS (
                 (SELECT w.writer_instance AS id FROM trunkline.streams w
                   WHERE w.finished_at IS NULL AND w.writer_instance IS NOT NULL ORDER BY w.writer_instance LIMIT 1)
                 UNION ALL
                 SELECT (SELECT w.writer_instance FROM trunkline.streams w
                          WHERE w.finished_at IS NULL AND w.writer_instance > l.id ORDER BY w.writer_instance LIMIT 1)
                   FROM writers l WHERE l.id IS NOT NULL)
               SELECT o.stream_id FROM writers w
                CROSS JOIN LATERAL (SELECT g.instance_id FROM trunkline.instances g
                                     WHERE g.instance_id = w.id AND (g.dead_at IS NOT NULL OR g.left_at IS NOT NULL) OFFSET 0) g
                CROSS JOIN LATERAL (SELECT d.stream_id FROM trunkline.streams d
                                     WHERE d.writer_instance = g.instance_id AND d.finished_at IS NULL OFFSET 0) o
               UNION ALL
               SELECT h.stream_id FROM trunkline.streams h WHERE h.handed_epoch = h.writer_epoch AND h.finished_at IS NULL
               UNION ALL
               SELECT m.stream_id FROM trunkline.streams m
                WHERE m.writer_instance = :instance AND m.finished_at IS NULL AND m.stream_id <> ALL (:written::bigint[])))
         AND (i.dead_at IS NOT NULL OR i.left_at IS NOT NULL OR s.handed_epoch = s.writer_epoch
              OR (s.writer_instance = :instance AND s.stream_id <> ALL (:written::bigint[])
                  AND (s.writer_epoch > 1 OR s.created_at < clock_timestamp() - interval '1 minute')))
         AND EXISTS (SELECT FROM trunkline.instances me WHERE me.instance_id = :instance AND me.dead_at IS NULL)
         AND s.finished_at IS NULL AND s.stream_id <> ALL (:aside::bigint[])
         AND (:room OR NOT EXISTS (SELECT FROM trunkline.calls c
                                    WHERE c.stream_id = s.stream_id AND c.finished_at IS NULL AND c.rerunnable AND c.runs < :runs_max))
       ORDER BY s.stream_id LIMIT :max FOR NO KEY UPDATE OF s SKIP LOCKED\
      """;

  private static final SqlText FIRST_ORPHAN =
      SqlText.of(
          """
          -- streams.orphaned: the one whose take-over was refused
          SELECT s.stream_id
          %s
          """
              .formatted(ORPHANS),
          CALLS.STREAM_ID);

  private static final SqlText TAKE_OVER =
      SqlText.of(
          """
          -- streams.take_over: unfinished streams of writers that are dead or handed them on become ours, each once; their writer is fenced.
          -- Not when we are dead ourselves and do not know it yet: the one run that is left is not for the dead.
          -- Those too that we took before (epoch above 1) and whose end was lost on the way, to or from the database;
          -- and those that we opened without ever learning it, after a minute.
          -- A promoted standby may lack take-overs: no epoch twice
          WITH orphan AS MATERIALIZED (
                 SELECT s.stream_id
          %s),
               taken AS (
                 UPDATE trunkline.streams s
                    SET writer_instance = :instance,
                        writer_epoch = greatest(s.writer_epoch, (SELECT ((i.prefix >> 47) - 1) << 14 FROM trunkline.issuing i)) + 1
                   FROM orphan o WHERE s.stream_id = o.stream_id
                 RETURNING s.stream_id, s.writer_epoch, s.session_key)
          SELECT t.stream_id, t.writer_epoch, t.session_key, n.session_id, c.call_id, c.request_id, c.principal, c.runs,
                 CASE WHEN c.rerunnable AND c.runs < :runs_max THEN c.request END AS request,
                 c.cancelled_at IS NOT NULL OR EXISTS (
                   SELECT FROM trunkline.announcements n
                    WHERE n.kind = 'call_cancelled' AND n.about = c.session_key || ' ' || c.request_id) AS cancelled
            FROM taken t LEFT JOIN trunkline.calls c ON c.stream_id = t.stream_id AND c.finished_at IS NULL
            LEFT JOIN trunkline.sessions n ON n.session_key = t.session_key AND n.ended_at IS NULL
           ORDER BY t.stream_id, c.call_id
          """
              .formatted(ORPHANS),
          CALLS.STREAM_ID,
          WRITER_EPOCH,
          CALLS.SESSION_KEY,
          SESSION_ID,
          CALLS.CALL_ID,
          CALLS.REQUEST_ID,
          CALLS.PRINCIPAL,
          CALLS.RUNS,
          CALLS.REQUEST,
          CANCELLED);

  private static final SqlText BEGIN =
      SqlText.of(
          """
          -- calls.begin: a further run, counted before it does anything; by the stream's writer, who may repeat it
          WITH mine AS MATERIALIZED (
                 SELECT s.stream_id FROM trunkline.streams s JOIN trunkline.calls c USING (stream_id)
                  WHERE c.call_id = :call_id AND s.writer_epoch = :writer_epoch AND s.finished_at IS NULL
                    FOR NO KEY UPDATE OF s)
          UPDATE trunkline.calls c SET runs = :run, run_epoch = :writer_epoch
            FROM mine m
           WHERE c.stream_id = m.stream_id AND c.call_id = :call_id AND c.finished_at IS NULL
             AND (c.runs = :run - 1 OR c.runs = :run AND c.run_epoch = :writer_epoch)
          RETURNING c.call_id
          """,
          CALLS.CALL_ID);

  private static final SqlText HAND_ON =
      SqlText.of(
          """
          -- streams.hand_on: their writer lives and will not go on; its word counts for its own epoch alone
          WITH left_here AS MATERIALIZED (
                 SELECT s.stream_id FROM trunkline.streams s
                   JOIN unnest(:streams::bigint[], :epochs::int[]) l(stream_id, epoch)
                     ON l.stream_id = s.stream_id AND l.epoch = s.writer_epoch
                  WHERE s.finished_at IS NULL
                  ORDER BY s.stream_id FOR NO KEY UPDATE OF s)
          UPDATE trunkline.streams s SET handed_epoch = s.writer_epoch FROM left_here l WHERE s.stream_id = l.stream_id
          """);

  private final Database database;
  private final CallStepRows steps;
  private final SetAside aside;

  CallRows(Database database) {
    this(database, new SetAside("streams", _ -> {}));
  }

  /// @param aside for streams that cannot be taken over
  CallRows(Database database, SetAside aside) {
    this.database = database;
    this.steps = new CallStepRows(database);
    this.aside = aside;
  }

  @Override
  public Opened open(CallStart start, int streamsMax) {
    try {
      return opened(PATIENCE.runToTheEnd(database, sql -> open(sql, start, streamsMax)));
    } catch (StatementRefused e) {
      if (e.isUniqueViolation()) {
        return openedBefore(start);
      }
      throw e;
    }
  }

  /// An id that runs: by an attempt of ours whose answer was lost, or by another request.
  private Opened openedBefore(CallStart start) {
    var rows =
        PATIENCE.runToTheEnd(
            database,
            sql ->
                sql.text(OPENED)
                    .set(CALLS.SESSION_KEY, start.session())
                    .all("request_ids", CALLS.REQUEST_ID, start.requests(), Requested::requestId)
                    .set(CALLS.OPENING, start.opening())
                    .rows());
    return rows.isEmpty() ? new Opened.Running() : opened(rows);
  }

  private static Result<Record> open(Sql sql, CallStart start, int streamsMax) {
    var requests = start.requests();
    return sql.text(OPEN)
        .set(CALLS.SESSION_KEY, start.session())
        .all("request_ids", CALLS.REQUEST_ID, requests, Requested::requestId)
        .all("methods", CALLS.METHOD, requests, Requested::method)
        .all("requests", CALLS.REQUEST, requests, Requested::request)
        .all("rerunnable", CALLS.RERUNNABLE, requests, Requested::rerunnable)
        .set("streams_max", streamsMax)
        .set("instance", start.instance().value())
        .set(CALLS.PRINCIPAL, start.principal().name())
        .set(CALLS.OPENING, start.opening())
        .rows();
  }

  /// One row a call; one without ids where the session lives and nothing was begun.
  private static Opened opened(Result<Record> rows) {
    if (rows.isEmpty()) {
      return new Opened.Gone();
    }
    var stream = rows.getFirst().get(CALLS.STREAM_ID);
    return stream == null
        ? new Opened.Full()
        : new Opened.Rows(stream, rows.getValues(CALLS.CALL_ID));
  }

  @Override
  public Cancelled cancel(SessionKey session, String requestId, String reason) {
    var heading =
        "calls.cancel: a row outlives the executor; without a row it is announced to whoever runs it";
    return PATIENCE.run(
        database,
        sql -> {
          var answer =
              Routines.cancelCallAnywhere(sql.routine(heading), session, requestId, reason);
          return new Cancelled(answer.getWakes(), "limited".equals(answer.getOutcome()));
        });
  }

  @Override
  public Map<CallId, String> cancelledAmong(List<CallId> calls) {
    return database.run(sql ->
        sql.named("calls.cancelled_among: which of the calls that run here were cancelled")
            .select(CALLS.CALL_ID, coalesce(CALLS.CANCEL_REASON, ""))
            .from(CALLS)
            .where(CALLS.CALL_ID.eq(any(calls.toArray(CallId[]::new))))
            .and(CALLS.CANCELLED_AT.isNotNull())
            .fetchMap(Record2::value1, Record2::value2));
  }

  @Override
  public List<Orphan> takeOver(InstanceId instance, List<StreamId> written, boolean room, int max) {
    return aside.run(
        max,
        orphan -> orphan.stream().value(),
        (rows, left) ->
            orphans(
                database.run(sql ->
                    orphaned(sql, TAKE_OVER, instance, written, room, left)
                        .set("max", rows)
                        .rows())),
        left ->
            database.run(sql ->
                orphaned(sql, FIRST_ORPHAN, instance, written, room, left)
                    .set("max", 1)
                    .optional(row -> row.get(CALLS.STREAM_ID).value())));
  }

  private static BoundText orphaned(
      Sql sql,
      SqlText text,
      InstanceId instance,
      List<StreamId> written,
      boolean room,
      List<Long> aside) {
    return sql.text(text)
        .set("room", room)
        .set("runs_max", Orphan.RUNS_MAX)
        .set("instance", instance.value())
        .all("written", CALLS.STREAM_ID, written)
        .all("aside", SQLDataType.BIGINT, aside);
  }

  private static List<Orphan> orphans(Result<Record> rows) {
    return rows.intoGroups(CALLS.STREAM_ID).entrySet().stream()
        .map(taken ->
            new Orphan(
                taken.getKey(),
                taken.getValue().getFirst().get(WRITER_EPOCH),
                taken.getValue().getFirst().get(CALLS.SESSION_KEY),
                client(taken.getValue().getFirst()),
                taken.getValue().stream()
                    .filter(row -> row.get(CALLS.CALL_ID) != null)
                    .map(CallRows::orphan)
                    .toList()))
        .toList();
  }

  private static @Nullable SessionId client(Record row) {
    var id = row.get(SESSION_ID);
    return id == null ? null : new SessionId(id);
  }

  private static Orphan.Call orphan(Record row) {
    return new Orphan.Call(
        row.get(CALLS.CALL_ID),
        row.get(CALLS.REQUEST_ID),
        new Principal(row.get(CALLS.PRINCIPAL)),
        row.get(CALLS.REQUEST),
        row.get(CALLS.RUNS),
        row.get(CANCELLED));
  }

  @Override
  public void handOn(List<Left> streams) {
    var _ =
        PATIENCE.run(
            database,
            sql ->
                sql.text(HAND_ON)
                    .all("streams", CALLS.STREAM_ID, streams, Left::stream)
                    .all("epochs", WRITER_EPOCH, streams, Left::epoch)
                    .execute());
  }

  @Override
  public boolean begin(CallId call, int writerEpoch, int run) {
    return PATIENCE
        .run(
            database,
            sql ->
                sql.text(BEGIN)
                    .set(CALLS.CALL_ID, call)
                    .set("writer_epoch", writerEpoch)
                    .set("run", run)
                    .optional(row -> row.get(CALLS.CALL_ID)))
        .isPresent();
  }

  @Override
  public Map<String, String> steps(CallId call) {
    return steps.of(call);
  }

  @Override
  public Optional<String> remember(CallId call, int writerEpoch, String name, String outcome) {
    return steps.remember(call, writerEpoch, name, outcome);
  }
}
