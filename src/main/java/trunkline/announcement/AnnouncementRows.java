package trunkline.announcement;

import static trunkline.announcement.AnnouncementsTable.ANNOUNCEMENTS;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.memory.MemoryBudget;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.store.LockPatience;
import trunkline.store.Sql;
import trunkline.store.SqlText;
import trunkline.store.StatementRefused;

/// Reads and writes `announcements`, the log, whose order one lock row keeps.
final class AnnouncementRows implements LogReader.Log, AutoCloseable {
  private static final Field<Long> PLACE = SqlText.column("place", SQLDataType.BIGINT);
  private static final Field<Long> TRIMMED = SqlText.column("trimmed", SQLDataType.BIGINT);

  private static final SqlText APPEND =
      SqlText.of(
          """
          -- announcements.append: the lock row comes before the first id, so that the order of ids is
          -- the order of commits; what an earlier attempt has written is not written again
          WITH alone AS MATERIALIZED (
                 SELECT trunkline.lock_announcements() AS high)
          INSERT INTO trunkline.announcements (id, kind, about, payload, writer, batch_no, ord)
          SELECT d.high | nextval('trunkline.announcement_seq'),
                 d.kind, d.about, d.payload, d.writer, d.batch_no, d.ord
            FROM (SELECT alone.high, u.*
                    FROM alone
                    CROSS JOIN unnest(:kinds::text[], :abouts::text[], :payloads::bytea[],
                                      :writers::bigint[], :batches::bigint[], :ords::int[])
                      WITH ORDINALITY AS u (kind, about, payload, writer, batch_no, ord, place)
                   ORDER BY u.place) d
          ON CONFLICT ON CONSTRAINT announcements_batch_uk DO NOTHING
          RETURNING id, writer, batch_no, ord
          """,
          ANNOUNCEMENTS.ID,
          ANNOUNCEMENTS.WRITER,
          ANNOUNCEMENTS.BATCH_NO,
          ANNOUNCEMENTS.ORD);

  private static final SqlText WRITTEN =
      SqlText.of(
          """
          -- announcements.written: ids that an earlier attempt was given
          SELECT a.id, a.writer, a.batch_no, a.ord
            FROM unnest(:writers::bigint[], :batches::bigint[], :ords::int[]) AS k (writer, batch_no, ord)
            JOIN trunkline.announcements a USING (writer, batch_no, ord)
          """,
          ANNOUNCEMENTS.ID,
          ANNOUNCEMENTS.WRITER,
          ANNOUNCEMENTS.BATCH_NO,
          ANNOUNCEMENTS.ORD);

  private static final SqlText AFTER =
      SqlText.of(
          """
          -- announcements.after: log, end and floor of one snapshot; what nobody can have drawn is named, not read
          WITH drawn AS MATERIALIZED (SELECT trunkline.announcement_high() AS high),  -- once, not for each use
               log AS MATERIALIZED (
                 SELECT i.high, (SELECT coalesce(max(id), 0) FROM trunkline.announcements WHERE id <= i.high) AS newest,
                        ARRAY (SELECT id FROM trunkline.announcements WHERE id > i.high ORDER BY id LIMIT 10) AS undrawn
                   FROM drawn i)
          SELECT c.announcement_floor, l.newest, l.undrawn, p.id, p.kind, p.about, p.payload, true AS concerns, p.found
            FROM log l
            CROSS JOIN trunkline.control c
            LEFT JOIN LATERAL (
                 SELECT r.*, count(*) OVER () AS found,
                        sum(octet_length(r.payload)) OVER (ORDER BY r.id) - octet_length(r.payload) AS bytes_before
                   FROM (SELECT id, left(kind, 100) AS kind, left(about, :about_max + 1) AS about,
                                substr(coalesce(payload, ''), 1, :payload_max + 1) AS payload
                           FROM trunkline.announcements
                          WHERE id > :cursor AND id <= l.high ORDER BY id LIMIT :rows_max) r) p
              ON p.bytes_before < 8388608
           ORDER BY p.id
          """,
          LogPageRows.FLOOR,
          LogPageRows.NEWEST,
          LogPageRows.UNDRAWN,
          ANNOUNCEMENTS.ID,
          ANNOUNCEMENTS.KIND,
          ANNOUNCEMENTS.ABOUT,
          ANNOUNCEMENTS.PAYLOAD,
          LogPageRows.CONCERNS,
          LogPageRows.FOUND);

  private static final SqlText CONCERNING =
      SqlText.of(
          """
          -- announcements.concerning: for sessions whose cursor is older than the buffer, many at once
          SELECT q.place, c.announcement_floor, q.up_to AS newest, NULL::bigint[] AS undrawn,
                 p.id, p.kind, p.about, p.payload, p.concerns, p.found
            FROM unnest(:sessions::bigint[], :cursors::bigint[], :heads::bigint[], :rows_max::bigint[])
                 WITH ORDINALITY AS q (session_key, after, up_to, rows_max, place)
            CROSS JOIN trunkline.control c
            LEFT JOIN LATERAL (
                 SELECT m.*, count(*) OVER () AS found,
                        sum(octet_length(m.payload)) OVER (ORDER BY m.id) - octet_length(m.payload) AS bytes_before
                   FROM (SELECT l.id, left(l.kind, 100) AS kind, left(l.about, :about_max + 1) AS about, l.concerns,
                                CASE WHEN l.concerns
                                     THEN substr(coalesce(l.payload, ''), 1, :payload_max + 1) ELSE '' END AS payload
                           FROM (SELECT a.*,
                                        a.kind = ANY (:for_everybody)
                                        OR a.kind = ANY (:of_principal) AND (a.about = '' OR EXISTS (
                                          SELECT FROM trunkline.sessions s
                                           WHERE s.session_key = q.session_key AND s.principal = a.about))
                                        OR a.kind = 'resource_updated' AND EXISTS (
                                          SELECT FROM trunkline.subscriptions s
                                           WHERE s.uri = a.about AND s.session_key = q.session_key)
                                          AS concerns
                                   FROM trunkline.announcements a
                                  WHERE a.id > q.after AND a.id <= q.up_to
                                  ORDER BY a.id LIMIT q.rows_max) l) m) p
              ON p.bytes_before < 1048576
           ORDER BY q.place, p.id
          """,
          PLACE,
          LogPageRows.FLOOR,
          LogPageRows.NEWEST,
          LogPageRows.UNDRAWN,
          ANNOUNCEMENTS.ID,
          ANNOUNCEMENTS.KIND,
          ANNOUNCEMENTS.ABOUT,
          ANNOUNCEMENTS.PAYLOAD,
          LogPageRows.CONCERNS,
          LogPageRows.FOUND);

  private static final SqlText END =
      SqlText.of(
          """
          -- announcements.newest: trimming never removes it
          SELECT trunkline.newest_announcement() AS newest
          """,
          LogPageRows.NEWEST);

  private static final SqlText TRIM =
      SqlText.of(
          """
          -- announcements.trim: the floor rises in the same statement; rows that no client was to see
          -- leave no gap, and those that nobody can have drawn no floor
          WITH log AS MATERIALIZED (
                 SELECT trunkline.announcement_high() AS high, trunkline.newest_announcement() AS newest),
               old AS (
                 SELECT o.id
                   FROM ((SELECT id, created_at FROM trunkline.announcements ORDER BY id LIMIT :rows_max)
                         UNION ALL
                         (SELECT id, created_at FROM trunkline.announcements
                           WHERE id > (SELECT high FROM log) ORDER BY id LIMIT :rows_max)) o
                  WHERE o.created_at < clock_timestamp() - :age),
               mine AS MATERIALIZED (
                 SELECT id FROM trunkline.announcements
                  WHERE id IN (SELECT id FROM old)
                    AND id <> (SELECT newest FROM log)
                  ORDER BY id FOR UPDATE SKIP LOCKED),
               gone AS (
                 DELETE FROM trunkline.announcements a USING mine m WHERE a.id = m.id
                 RETURNING a.id, a.kind),
               floor AS (
                 SELECT max(id) AS id FROM gone
                  WHERE kind NOT IN ('session_changed', 'call_cancelled') AND id <= (SELECT high FROM log)),
               raised AS (
                 UPDATE trunkline.control c SET announcement_floor = f.id
                   FROM floor f WHERE f.id > c.announcement_floor)
          SELECT count(*) AS trimmed FROM gone
          """,
          TRIMMED);

  /// Of a payload: in the lane, and in the statement.
  private static final long COPIES = 2;

  private static final int WRITER_LANE = 255;
  private static final int TAKEN_IDS_MAX = 100;
  private static final LanePolicy APPENDS = new LanePolicy(200, 4_000, Duration.ofSeconds(10));
  private static final LanePolicy CATCH_UPS = new LanePolicy(16, 10_000, Duration.ofSeconds(5));
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));
  private static final List<String> FOR_EVERY_SESSION =
      AnnouncementKind.of(AnnouncementKind.Audience.EVERY_SESSION);
  private static final List<String> OF_PRINCIPAL =
      AnnouncementKind.of(AnnouncementKind.Audience.SESSIONS_OF_PRINCIPAL);

  private final Database database;
  private final Supplier<InstanceId> instance;
  private final MemoryBudget memory;
  private final IntConsumer committed;
  private final Lane<PendingAnnouncement, Long> appends;
  private final Lane<CatchUp, LogPage> catchUps;
  private long batches; // only the lane's thread

  private record CatchUp(SessionKey session, long cursor, long upTo, int rowsMax) {}

  /// @param instance whose writer id the next batch carries; a fenced instance gets another
  /// @param committed takes the number of announcements that each batch has brought in
  AnnouncementRows(
      Database database,
      Supplier<InstanceId> instance,
      MemoryBudget memory,
      IntConsumer committed) {
    this.database = database;
    this.instance = instance;
    this.memory = memory;
    this.committed = committed;
    this.appends = new Lane<>("trunkline-announce", APPENDS, this::append);
    this.catchUps = new Lane<>("trunkline-catch-up", CATCH_UPS, this::concerning);
  }

  /// Writes it once, whatever happens to the connection; answers its id after the commit.
  CompletableFuture<Long> append(AnnouncementKind kind, String about, byte[] payload) {
    return memory.taking(
        COPIES * payload.length,
        () -> appends.submit(new PendingAnnouncement(kind, about, payload)));
  }

  List<Long> append(List<PendingAnnouncement> batch) {
    assignKeys(batch);
    var ids = written(batch);
    committed.accept(batch.size());
    return batch.stream()
        .map(d -> Objects.requireNonNull(ids.get(d.key()), "neither written nor found"))
        .toList();
  }

  /// Draws anew where an id is taken: somebody has put a row there by hand, and each attempt leaves
  /// one such behind.
  private Map<PendingAnnouncement.Key, Long> written(List<PendingAnnouncement> batch) {
    for (var left = TAKEN_IDS_MAX; ; left--) {
      try {
        return database.runHere(sql -> {
          var written = insert(sql, batch);
          if (written.size() < batch.size()) {
            written.putAll(written(sql, batch));
          }
          return written;
        });
      } catch (StatementRefused e) {
        if (!e.violates("announcements_pk") || left == 0) {
          throw e;
        }
      }
    }
  }

  private void assignKeys(List<PendingAnnouncement> batch) {
    var number = batches++;
    var writer = instance.get().value() * 256L + WRITER_LANE;
    for (var i = 0; i < batch.size(); i++) {
      if (batch.get(i).isNew()) {
        batch.get(i).assign(new PendingAnnouncement.Key(writer, number, i));
      }
    }
  }

  private static Map<PendingAnnouncement.Key, Long> insert(
      Sql sql, List<PendingAnnouncement> batch) {
    return ids(
        sql.text(APPEND)
            .all("kinds", ANNOUNCEMENTS.KIND, batch, d -> d.kind.text())
            .all("abouts", ANNOUNCEMENTS.ABOUT, batch, d -> d.about)
            .all("payloads", ANNOUNCEMENTS.PAYLOAD, batch, d -> d.payload),
        batch);
  }

  private static Map<PendingAnnouncement.Key, Long> written(
      Sql sql, List<PendingAnnouncement> batch) {
    return ids(sql.text(WRITTEN), batch);
  }

  private static Map<PendingAnnouncement.Key, Long> ids(
      BoundText text, List<PendingAnnouncement> batch) {
    var rows =
        text.all("writers", ANNOUNCEMENTS.WRITER, batch, d -> d.key().writer())
            .all("batches", ANNOUNCEMENTS.BATCH_NO, batch, d -> d.key().batch())
            .all("ords", ANNOUNCEMENTS.ORD, batch, d -> d.key().ord())
            .rows();
    var ids = new HashMap<PendingAnnouncement.Key, Long>();
    for (var row : rows) {
      ids.put(
          new PendingAnnouncement.Key(
              row.get(ANNOUNCEMENTS.WRITER),
              row.get(ANNOUNCEMENTS.BATCH_NO),
              row.get(ANNOUNCEMENTS.ORD)),
          row.get(ANNOUNCEMENTS.ID));
    }
    return ids;
  }

  @Override
  public long newest() {
    return database.run(sql -> sql.text(END).single(row -> row.get(LogPageRows.NEWEST)));
  }

  @Override
  public LogPage after(long cursor, int rowsMax) {
    var page = new LogPageRows(cursor, rowsMax);
    database
        .run(sql -> bounded(sql.text(AFTER)).set("cursor", cursor).set("rows_max", rowsMax).rows())
        .forEach(page::add);
    return page.page();
  }

  /// One more than allowed of what is too big: enough to tell.
  private static BoundText bounded(BoundText text) {
    return text.set("about_max", AnnouncementPolicy.ABOUT_LENGTH_MAX)
        .set("payload_max", AnnouncementPolicy.PAYLOAD_BYTES_MAX);
  }

  @Override
  public CompletableFuture<LogPage> concerning(
      SessionKey session, long cursor, long upTo, int rowsMax) {
    return catchUps.submit(new CatchUp(session, cursor, upTo, rowsMax));
  }

  private List<LogPage> concerning(List<CatchUp> asked) {
    var pages = asked.stream().map(q -> new LogPageRows(q.cursor(), q.rowsMax())).toList();
    var rows =
        database.runHere(sql ->
            bounded(sql.text(CONCERNING))
                .all("sessions", SQLDataType.BIGINT, asked, q -> q.session().value())
                .all("cursors", SQLDataType.BIGINT, asked, CatchUp::cursor)
                .all("heads", SQLDataType.BIGINT, asked, CatchUp::upTo)
                .all("rows_max", SQLDataType.BIGINT, asked, q -> (long) q.rowsMax())
                .all("for_everybody", ANNOUNCEMENTS.KIND, FOR_EVERY_SESSION)
                .all("of_principal", ANNOUNCEMENTS.KIND, OF_PRINCIPAL)
                .rows());
    rows.forEach(row -> pages.get(row.get(PLACE).intValue() - 1).add(row));
    return pages.stream().map(LogPageRows::page).toList();
  }

  /// Removes the oldest that are older than the age, but never the newest of all.
  ///
  /// @return how many
  int trim(Duration age, int rowsMax) {
    return PATIENCE.run(
        database,
        sql ->
            sql.text(TRIM)
                .set("rows_max", rowsMax)
                .set("age", age)
                .single(row -> row.get(TRIMMED).intValue()));
  }

  @Override
  public void close() {
    appends.close();
    catchUps.close();
  }
}
