package trunkline.cluster;

import static trunkline.cluster.BatonTable.BATON;

import java.time.Duration;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.DatabaseClock;
import trunkline.store.SqlText;

/// Writes and reads `baton`.
final class BatonRows {
  private static final SqlText TAKE =
      SqlText.of(
          """
          -- baton.take: kept by whoever comes back in time, by the database's clock. Free when its holder is gone or late, when
          -- nobody can say until when it is held, and when somebody has removed the row; never for the dead
          WITH me AS MATERIALIZED (
                 SELECT instance_id FROM trunkline.instances WHERE instance_id = :me AND dead_at IS NULL AND left_at IS NULL),
               free AS MATERIALIZED (
                 SELECT b.one, b.instance_id FROM trunkline.baton b
                  WHERE EXISTS (SELECT FROM me)
                    AND (b.instance_id = :me
                         OR b.held_until NOT BETWEEN clock_timestamp() AND clock_timestamp() + 10 * :lease
                         OR NOT EXISTS (SELECT FROM trunkline.instances i
                                         WHERE i.instance_id = b.instance_id AND i.dead_at IS NULL AND i.left_at IS NULL))
                    FOR NO KEY UPDATE OF b SKIP LOCKED),
               taken AS (
                 UPDATE trunkline.baton b
                    SET instance_id = :me, held_until = clock_timestamp() + :lease,
                        taken_at = CASE WHEN f.instance_id = :me THEN b.taken_at ELSE clock_timestamp() END
                   FROM free f WHERE b.one = f.one
                 RETURNING b.instance_id),
               made AS (
                 INSERT INTO trunkline.baton (instance_id, held_until)
                 SELECT m.instance_id, clock_timestamp() + :lease FROM me m WHERE NOT EXISTS (SELECT FROM trunkline.baton)
                 ON CONFLICT DO NOTHING RETURNING instance_id)
          SELECT instance_id FROM taken UNION ALL SELECT instance_id FROM made
          """,
          BATON.INSTANCE_ID);

  private final Database database;

  BatonRows(Database database) {
    this.database = database;
  }

  /// Takes it, or keeps it.
  ///
  /// @return whether it is the instance's until the lease is over
  boolean take(InstanceId self, Duration lease) {
    return database.run(sql ->
        sql.text(TAKE)
            .set("me", BATON.INSTANCE_ID, self)
            .set("lease", lease)
            .optional(row -> row.get(BATON.INSTANCE_ID))
            .isPresent());
  }

  void pass(InstanceId self) {
    var _ =
        database.run(sql ->
            sql.named("baton.pass: somebody else may have more luck")
                .update(BATON)
                .set(BATON.HELD_UNTIL, DatabaseClock.now())
                .where(BATON.INSTANCE_ID.eq(self))
                .execute());
  }
}
