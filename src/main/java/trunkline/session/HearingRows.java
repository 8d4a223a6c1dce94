package trunkline.session;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.cluster.Registration;
import trunkline.signal.InstanceId;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.SqlText;

/// Reads and writes how far instances have heard, in `instances`, beside the end of the log.
final class HearingRows {
  /// Whoever was declared dead may not know it yet, and use its licence to the end.
  private static final Duration LATELY = Duration.ofSeconds(3);

  private static final int PREFIX_SHIFT = 47;

  private static final Field<Long> HIGH = SqlText.column("high", SQLDataType.BIGINT);
  private static final Field<Long> NEWEST = SqlText.column("newest", SQLDataType.BIGINT);
  private static final Field<Boolean> DEAF = SqlText.column("deaf", SQLDataType.BOOLEAN);
  private static final Field<Integer> INSTANCE = SqlText.column("instance_id", SQLDataType.INTEGER);
  private static final Field<Long> THROUGH = SqlText.column("heard_through", SQLDataType.BIGINT);

  private static final String END =
      "(SELECT coalesce(max(a.id), 0) FROM trunkline.announcements a WHERE a.id <= d.high) AS newest";

  private static final String ANY_DEAF =
      """
      EXISTS (SELECT FROM trunkline.instances o WHERE o.dead_at IS NULL AND o.left_at IS NULL AND NOT o.hears) AS deaf\
      """;

  private static final String OURS =
      """
      i.instance_id = :instance_id AND i.started_at = :started_at AND i.dead_at IS NULL AND i.left_at IS NULL\
      """;

  private static final SqlText LOOK =
      SqlText.of(
          """
          -- instances.listen: may what is remembered be used? The end of the log and our row, by one snapshot; it fails where
          -- the database is another one
          WITH drawn AS MATERIALIZED (SELECT trunkline.announcement_high() AS high)
          SELECT d.high, %s, %s
            FROM trunkline.instances i CROSS JOIN drawn d WHERE %s AND i.heard_through > 0
          """
              .formatted(END, ANY_DEAF, OURS),
          HIGH,
          NEWEST,
          DEAF);

  private static final SqlText HEAR =
      SqlText.of(
          """
          -- instances.hear: how far this instance has acted on the log; a lost one costs the waiting some time, so it is not flushed
          WITH unflushed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
               drawn AS MATERIALIZED (SELECT trunkline.announcement_high() AS high)
          UPDATE trunkline.instances i SET heard_through = :heard_through
            FROM drawn d CROSS JOIN unflushed WHERE %3$s AND i.heard_through > 0
          RETURNING d.high, %1$s, %2$s
          """
              .formatted(END, ANY_DEAF, OURS),
          HIGH,
          NEWEST,
          DEAF);

  private static final SqlText JOIN =
      SqlText.of(
          """
          -- instances.join_hearers: from now on it is waited for. Flushed: a crash must not make us forget it alone
          WITH drawn AS MATERIALIZED (SELECT trunkline.announcement_high() AS high)
          UPDATE trunkline.instances i SET heard_through = :heard_through
            FROM drawn d WHERE %3$s
          RETURNING d.high, %1$s, %2$s
          """
              .formatted(END, ANY_DEAF, OURS),
          HIGH,
          NEWEST,
          DEAF);

  private static final SqlText HEARERS =
      SqlText.of(
          """
          -- instances.hearers: who remembers sessions, and has heard how far? What the caller has just committed is at the end of
          -- the log or before it. Who was declared dead may not know it yet
          WITH drawn AS MATERIALIZED (SELECT trunkline.announcement_high() AS high)
          SELECT e.newest, h.instance_id, h.heard_through
            FROM (SELECT %s FROM drawn d) e
            LEFT JOIN (SELECT i.instance_id, i.heard_through FROM trunkline.instances i
                        WHERE i.dead_at IS NULL AND i.left_at IS NULL
                       UNION ALL
                       SELECT i.instance_id, i.heard_through FROM trunkline.instances i
                        WHERE coalesce(i.dead_at, i.left_at) > (SELECT clock_timestamp() - :lately) AND i.left_at IS NULL) h
              ON h.instance_id <> :me AND h.heard_through > 0
          """
              .formatted(END),
          NEWEST,
          INSTANCE,
          THROUGH);

  private final Database database;

  /// The log as it was when we listened.
  ///
  /// @param prefix of ids, which a promotion or a restore changes
  /// @param newest the id of the last announcement
  /// @param deaf whether there is an instance that waits for nobody
  record Heard(long prefix, long newest, boolean deaf) {}

  /// @param newest the id of the last announcement
  /// @param through the last one that each has acted on, of those that remember sessions
  record Hearers(long newest, Map<InstanceId, Long> through) {
    List<InstanceId> behind(long announcement) {
      return through.entrySet().stream()
          .filter(one -> one.getValue() < announcement)
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  HearingRows(Database database) {
    this.database = database;
  }

  /// Empty when this instance is not among the hearers: it never joined, or is fenced.
  Optional<Heard> listen(Registration self) {
    return database.run(sql -> self(sql.text(LOOK), self).optional(HearingRows::heard));
  }

  /// Empty as well when it is not among them. In an empty log there is nothing to hear, and yet it
  /// is one of them.
  Optional<Heard> hear(Registration self, long through) {
    return database.run(sql ->
        self(sql.text(HEAR), self)
            .set("heard_through", Math.max(1, through))
            .optional(HearingRows::heard));
  }

  /// It remembers nothing any more.
  void leave(Registration self) {
    var _ =
        database.run(sql ->
            self(sql.text(HEAR), self).set("heard_through", 0L).optional(HearingRows::heard));
  }

  /// To begin with. Empty when this instance is fenced.
  Optional<Heard> join(Registration self, long through) {
    return database.run(sql ->
        self(sql.text(JOIN), self)
            .set("heard_through", Math.max(1, through))
            .optional(HearingRows::heard));
  }

  /// The others that remember sessions.
  Hearers hearers(InstanceId self) {
    var rows =
        database.run(sql -> sql.text(HEARERS).set("me", self.value()).set("lately", LATELY).rows());
    var through = new HashMap<InstanceId, Long>();
    for (var row : rows) {
      @Nullable Integer id = row.get(INSTANCE);
      if (id != null) { // null: there is none
        through.put(new InstanceId(id), row.get(THROUGH));
      }
    }
    return new Hearers(rows.getFirst().get(NEWEST), through);
  }

  private static BoundText self(BoundText text, Registration self) {
    return text.set("instance_id", self.id().value())
        .set("started_at", SQLDataType.INSTANT, self.startedAt());
  }

  private static Heard heard(Record row) {
    return new Heard(row.get(HIGH) >> PREFIX_SHIFT, row.get(NEWEST), row.get(DEAF));
  }
}
