package trunkline.history;

import static trunkline.history.InstanceMinutesTable.INSTANCE_MINUTES;

import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.SqlText;

/// Writes and forgets `instance_minutes`; who shows them reads the view.
final class MinuteRows {
  /// A turn whose answer was lost is asked for again within moments, or after an outage: within a
  /// quarter of an hour it is found, after that counted twice.
  private static final SqlText ADD =
      SqlText.of(
          """
          -- instance_minutes.add: what came since the turn before; one whose answer was lost is found and not added again
          INSERT INTO trunkline.instance_minutes AS m (minute, instance_id, turn, requests, failed, micros, published, delivered, took)
          SELECT date_trunc('minute', clock_timestamp(), 'UTC'), :instance_id, :turn, :requests, :failed, :micros, :published, :delivered, :took
           WHERE NOT EXISTS (SELECT FROM trunkline.instance_minutes w
                              WHERE w.minute > (SELECT clock_timestamp() - interval '15 minutes')
                                AND w.instance_id = :instance_id AND w.turn >= :turn)
              ON CONFLICT ON CONSTRAINT instance_minutes_pk DO UPDATE
             SET turn = excluded.turn, requests = m.requests + excluded.requests, failed = m.failed + excluded.failed,
                 micros = m.micros + excluded.micros, published = m.published + excluded.published, delivered = m.delivered + excluded.delivered,
                 took = (SELECT array_agg(t.former + t.came ORDER BY t.n)
                           FROM unnest(m.took, excluded.took) WITH ORDINALITY AS t (former, came, n))
           WHERE m.turn < excluded.turn
          """);

  private static final SqlText FORGET =
      SqlText.of(
          """
          -- instance_minutes.forget: a week later
          DELETE FROM trunkline.instance_minutes
           WHERE (minute, instance_id) IN (
                 SELECT m.minute, m.instance_id FROM trunkline.instance_minutes m
                  WHERE m.minute < (SELECT clock_timestamp() - interval '7 days')
                  ORDER BY m.minute LIMIT :rows_max
                    FOR UPDATE SKIP LOCKED)
          """);

  private final Database database;

  MinuteRows(Database database) {
    this.database = database;
  }

  /// @param turn greater than that of whatever was added before
  void add(InstanceId instance, long turn, Traffic came) {
    var _ =
        database.run(sql ->
            sql.text(ADD)
                .set(INSTANCE_MINUTES.INSTANCE_ID, instance)
                .set(INSTANCE_MINUTES.TURN, turn)
                .set(INSTANCE_MINUTES.REQUESTS, came.requests())
                .set(INSTANCE_MINUTES.FAILED, came.failed())
                .set(INSTANCE_MINUTES.MICROS, came.micros())
                .set(INSTANCE_MINUTES.PUBLISHED, came.published())
                .set(INSTANCE_MINUTES.DELIVERED, came.delivered())
                .set(INSTANCE_MINUTES.TOOK, came.took().toArray(Long[]::new))
                .execute());
  }

  int forget(int rowsMax) {
    return database.run(sql -> sql.text(FORGET).set("rows_max", rowsMax).execute());
  }
}
