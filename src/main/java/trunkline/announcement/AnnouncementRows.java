package trunkline.announcement;

import static trunkline.store.SqlWork.bigints;
import static trunkline.store.SqlWork.byteas;
import static trunkline.store.SqlWork.seconds;
import static trunkline.store.SqlWork.texts;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.signal.Wakes;
import trunkline.store.Database;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.store.LockPatience;
import trunkline.store.SqlWork;

/// The only class that names `announcements`, `announcement_lock` and `outbox`, beside the
/// functions of the migrations.
final class AnnouncementRows implements AnnouncementLog {
  private static final String APPEND =
      """
      -- announcements.append: the lock row comes before the first id, so that the order of ids is
      -- the order of commits; what an earlier attempt has written is not written again
      WITH alone AS MATERIALIZED (
             SELECT one FROM trunkline.announcement_lock FOR NO KEY UPDATE),
           prefix AS MATERIALIZED (
             SELECT trunkline.id_prefix() AS high)
      INSERT INTO trunkline.announcements (id, kind, about, payload, writer, batch_no, ord)
      SELECT d.high | nextval('trunkline.announcement_seq'),
             d.kind, d.about, d.payload, d.writer, d.batch_no, d.ord
        FROM (SELECT p.high, u.*
                FROM alone CROSS JOIN prefix p
                CROSS JOIN unnest(?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[], ?::int[])
                  WITH ORDINALITY AS u (kind, about, payload, writer, batch_no, ord, place)
               ORDER BY u.place) d
      ON CONFLICT ON CONSTRAINT announcements_batch_uk DO NOTHING
      RETURNING id, writer, batch_no, ord
      """;

  private static final String WRITTEN =
      """
      -- announcements.written: ids that an earlier attempt was given
      SELECT a.id, a.writer, a.batch_no, a.ord
        FROM unnest(?::bigint[], ?::bigint[], ?::int[]) AS k (writer, batch_no, ord)
        JOIN trunkline.announcements a USING (writer, batch_no, ord)
      """;

  private static final String NEWEST =
      """
      -- announcements.newest: trimming never removes it
      SELECT coalesce(max(id), 0) FROM trunkline.announcements
      """;

  private static final String AFTER =
      """
      -- announcements.after: log and floor of one snapshot; bounded in rows and bytes
      SELECT c.announcement_floor, p.id, p.kind, p.about, p.payload, true AS concerns, p.found
        FROM trunkline.control c
        LEFT JOIN LATERAL (
             SELECT l.*, count(*) OVER () AS found,
                    sum(octet_length(l.payload)) OVER (ORDER BY l.id) AS bytes
               FROM (SELECT id, kind, about, coalesce(payload, '') AS payload
                       FROM trunkline.announcements WHERE id > ? ORDER BY id LIMIT ?) l) p
          ON p.bytes <= 8388608
       ORDER BY p.id
      """;

  private static final String CONCERNING =
      """
      -- announcements.concerning: for sessions whose cursor is older than the buffer, many at once
      SELECT q.place, c.announcement_floor, p.id, p.kind, p.about, p.payload, p.concerns, p.found
        FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
             WITH ORDINALITY AS q (session_key, after, up_to, rows_max, place)
        CROSS JOIN trunkline.control c
        LEFT JOIN LATERAL (
             SELECT m.*, count(*) OVER () AS found,
                    sum(octet_length(m.payload)) OVER (ORDER BY m.id) AS bytes
               FROM (SELECT l.id, l.kind, l.about, l.concerns,
                            CASE WHEN l.concerns THEN coalesce(l.payload, '') ELSE '' END AS payload
                       FROM (SELECT a.*,
                                    a.kind = ANY (?) OR a.kind = 'resource_updated' AND EXISTS (
                                      SELECT FROM trunkline.subscriptions s
                                       WHERE s.uri = a.about AND s.session_key = q.session_key)
                                      AS concerns
                               FROM trunkline.announcements a
                              WHERE a.id > q.after AND a.id <= q.up_to
                              ORDER BY a.id LIMIT q.rows_max) l) m) p
          ON p.bytes <= 1048576
       ORDER BY q.place, p.id
      """;

  private static final String TRIM =
      """
      -- announcements.trim: the floor rises in the same statement; rows that no client was to see
      -- leave no gap
      WITH old AS (
             SELECT o.id FROM (SELECT id, created_at FROM trunkline.announcements
                                ORDER BY id LIMIT ?) o
              WHERE o.created_at < clock_timestamp() - make_interval(secs => ?)),
           mine AS MATERIALIZED (
             SELECT id FROM trunkline.announcements
              WHERE id IN (SELECT id FROM old)
                AND id < (SELECT max(id) FROM trunkline.announcements)
              ORDER BY id FOR UPDATE SKIP LOCKED),
           gone AS (
             DELETE FROM trunkline.announcements a USING mine m WHERE a.id = m.id
             RETURNING a.id, a.kind),
           floor AS (
             SELECT max(id) AS id FROM gone WHERE kind NOT IN ('session_changed', 'call_cancelled')),
           raised AS (
             UPDATE trunkline.control c SET announcement_floor = f.id
               FROM floor f WHERE f.id > c.announcement_floor)
      SELECT count(*) FROM gone
      """;

  private static final String MOVE =
      """
      -- outbox.move: one mover at a time, each row exactly once
      SELECT m.moved, m.dropped, w.instance, w.topic, w.id
        FROM trunkline.move_outbox(?) m LEFT JOIN LATERAL unnest(m.wakes) w ON true
      """;

  private static final int WRITER_LANE = 255;
  private static final LanePolicy APPENDS = new LanePolicy(200, 4_000, Duration.ofSeconds(10));
  private static final LanePolicy CATCH_UPS = new LanePolicy(16, 10_000, Duration.ofSeconds(5));
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));
  private static final LockPatience OUTBOX_PATIENCE = new LockPatience(Duration.ofSeconds(1));
  private static final List<String> FOR_EVERY_SESSION =
      List.of(
          AnnouncementKind.TOOLS_CHANGED.text(),
          AnnouncementKind.RESOURCES_CHANGED.text(),
          AnnouncementKind.PROMPTS_CHANGED.text(),
          AnnouncementKind.BROADCAST.text());

  private final Database database;
  private final Supplier<InstanceId> instance;
  private final IntConsumer committed;
  private final Lane<PendingAnnouncement, Long> appends;
  private final Lane<CatchUp, Page> catchUps;
  private long batches; // only the lane's thread

  private record CatchUp(SessionKey session, long cursor, long upTo, int rowsMax) {}

  /// @param instance whose writer id the next batch carries; a fenced instance gets another
  /// @param committed told how many announcements each batch has brought into the log
  AnnouncementRows(Database database, Supplier<InstanceId> instance, IntConsumer committed) {
    this.database = database;
    this.instance = instance;
    this.committed = committed;
    this.appends = new Lane<>("trunkline-announce", APPENDS, database, this::append);
    this.catchUps =
        new Lane<>("trunkline-catch-up", CATCH_UPS, database, AnnouncementRows::concerning);
  }

  @Override
  public CompletableFuture<Long> append(AnnouncementKind kind, String about, byte[] payload) {
    return appends.submit(new PendingAnnouncement(kind, about, payload));
  }

  List<Long> append(Connection connection, List<PendingAnnouncement> batch) throws SQLException {
    assignKeys(batch);
    var written = PATIENCE.around(c -> insert(c, batch)).run(connection);
    committed.accept(batch.size());
    if (written.size() < batch.size()) {
      written.putAll(written(connection, batch));
    }
    return batch.stream()
        .map(d -> Objects.requireNonNull(written.get(d.key()), "neither written nor found"))
        .toList();
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
      Connection connection, List<PendingAnnouncement> batch) throws SQLException {
    try (var statement = connection.prepareStatement(APPEND)) {
      statement.setArray(1, texts(connection, batch.stream().map(d -> d.kind.text()).toList()));
      statement.setArray(2, texts(connection, batch.stream().map(d -> d.about).toList()));
      statement.setArray(3, byteas(connection, batch.stream().map(d -> d.payload).toList()));
      bindKeys(statement, 4, batch);
      try (var rows = statement.executeQuery()) {
        return ids(rows);
      }
    }
  }

  private static Map<PendingAnnouncement.Key, Long> written(
      Connection connection, List<PendingAnnouncement> batch) throws SQLException {
    try (var statement = connection.prepareStatement(WRITTEN)) {
      bindKeys(statement, 1, batch);
      try (var rows = statement.executeQuery()) {
        return ids(rows);
      }
    }
  }

  private static void bindKeys(
      java.sql.PreparedStatement statement, int first, List<PendingAnnouncement> batch)
      throws SQLException {
    var connection = statement.getConnection();
    var keys = batch.stream().map(PendingAnnouncement::key).toList();
    statement.setArray(
        first, bigints(connection, keys.stream().map(PendingAnnouncement.Key::writer).toList()));
    statement.setArray(
        first + 1, bigints(connection, keys.stream().map(PendingAnnouncement.Key::batch).toList()));
    statement.setArray(
        first + 2,
        connection.createArrayOf("int", keys.stream().map(PendingAnnouncement.Key::ord).toArray()));
  }

  private static Map<PendingAnnouncement.Key, Long> ids(ResultSet rows) throws SQLException {
    var ids = new HashMap<PendingAnnouncement.Key, Long>();
    while (rows.next()) {
      ids.put(
          new PendingAnnouncement.Key(
              rows.getLong("writer"), rows.getLong("batch_no"), rows.getInt("ord")),
          rows.getLong("id"));
    }
    return ids;
  }

  @Override
  public long newest() {
    return database.call(
        SqlWork.query(
            NEWEST,
            s -> {},
            rows -> {
              rows.next();
              return rows.getLong(1);
            }));
  }

  @Override
  public Page after(long cursor, int rowsMax) {
    return database.call(
        SqlWork.query(
            AFTER,
            s -> {
              s.setLong(1, cursor);
              s.setInt(2, rowsMax);
            },
            rows -> {
              var page = new PageReading(cursor, rowsMax);
              while (rows.next()) {
                page.add(rows);
              }
              return page.page();
            }));
  }

  @Override
  public CompletableFuture<Page> concerning(
      SessionKey session, long cursor, long upTo, int rowsMax) {
    return catchUps.submit(new CatchUp(session, cursor, upTo, rowsMax));
  }

  private static List<Page> concerning(Connection connection, List<CatchUp> asked)
      throws SQLException {
    var pages = asked.stream().map(q -> new PageReading(q.cursor(), q.rowsMax())).toList();
    try (var statement = connection.prepareStatement(CONCERNING)) {
      statement.setArray(
          1, bigints(connection, asked.stream().map(q -> q.session().value()).toList()));
      statement.setArray(2, bigints(connection, asked.stream().map(CatchUp::cursor).toList()));
      statement.setArray(3, bigints(connection, asked.stream().map(CatchUp::upTo).toList()));
      statement.setArray(
          4, bigints(connection, asked.stream().map(q -> (long) q.rowsMax()).toList()));
      statement.setArray(5, texts(connection, FOR_EVERY_SESSION));
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          pages.get(rows.getInt("place") - 1).add(rows);
        }
      }
    }
    return pages.stream().map(PageReading::page).toList();
  }

  /// Collects the rows of one page.
  private static final class PageReading {
    private final int rowsMax;
    private final List<Announcement> entries = new ArrayList<>();
    private long through;
    private long floor;
    private int seen;
    private int found;

    PageReading(long cursor, int rowsMax) {
      this.through = cursor;
      this.rowsMax = rowsMax;
    }

    void add(ResultSet row) throws SQLException {
      floor = row.getLong("announcement_floor");
      var id = row.getLong("id");
      if (row.wasNull()) {
        return; // nothing after the cursor
      }
      through = id;
      found = row.getInt("found");
      seen++;
      var entry = row.getBoolean("concerns") ? entry(id, row) : null;
      if (entry != null) {
        entries.add(entry);
      }
    }

    private static @Nullable Announcement entry(long id, ResultSet row) throws SQLException {
      var kind = AnnouncementKind.parse(row.getString("kind")).orElse(null);
      return kind == null
          ? null
          : new Announcement(id, kind, row.getString("about"), row.getBytes("payload"), Set.of());
    }

    Page page() {
      return new Page(List.copyOf(entries), through, floor, seen < found || found == rowsMax);
    }
  }

  @Override
  public int trim(Duration age, int rowsMax) {
    return PATIENCE.call(
        database,
        SqlWork.query(
            TRIM,
            s -> {
              s.setInt(1, rowsMax);
              s.setDouble(2, seconds(age));
            },
            rows -> {
              rows.next();
              return rows.getInt(1);
            }));
  }

  @Override
  public Moved moveOutbox(int rowsMax) {
    return OUTBOX_PATIENCE.call(
        database,
        SqlWork.query(
            MOVE,
            s -> s.setInt(1, rowsMax),
            rows -> {
              var moved = 0;
              var dropped = 0;
              var wakes = new Wakes();
              while (rows.next()) {
                moved = rows.getInt("moved");
                dropped = rows.getInt("dropped");
                wakes.add(rows);
              }
              return new Moved(moved, dropped, wakes);
            }));
  }

  @Override
  public void close() {
    appends.close();
    catchUps.close();
  }
}
