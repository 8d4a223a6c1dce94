package trunkline.rate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.rate.Lease.Outcome;
import trunkline.store.Database;
import trunkline.store.SqlText;

/// Leases tokens of `rate_buckets`, and forgets buckets that are full.
final class BucketRows {
  private static final Field<Integer> N = SqlText.column("n", SQLDataType.INTEGER);
  private static final Field<Integer> GRANTED = SqlText.column("granted", SQLDataType.INTEGER);
  private static final Field<Double> TOKENS = SqlText.column("tokens", SQLDataType.DOUBLE);

  /// The clock is read after the locks. A bucket that another leases is not waited for, and one
  /// that another makes at the same moment is not answered either.
  private static final SqlText LEASE =
      SqlText.of(
          """
          -- rate_buckets.lease: refills and takes, for many buckets at once; who finds one locked asks again
          WITH asked AS MATERIALIZED (
                 SELECT a.bucket_key, a.rate, a.burst, a.wanted, a.back, a.n::int AS n
                   FROM unnest(:keys::bytea[], :rates::double precision[], :bursts::int[], :wanted::int[], :backs::int[])
                        WITH ORDINALITY AS a (bucket_key, rate, burst, wanted, back, n)),
               held AS MATERIALIZED (
                 SELECT b.bucket_key, b.tokens, b.refilled_at, b.forget_at
                   FROM trunkline.rate_buckets b
                  WHERE b.bucket_key IN (SELECT a.bucket_key FROM asked a)
                  ORDER BY b.bucket_key
                    FOR NO KEY UPDATE OF b SKIP LOCKED),
               clock AS MATERIALIZED (
                 SELECT clock_timestamp() AS now FROM (SELECT count(*) FROM held) AS after_the_locks),
               refilled AS (
                 SELECT a.n, a.bucket_key, a.rate, a.burst, a.wanted, h.forget_at, greatest(c.now, h.refilled_at) AS now,
                        greatest(-a.burst,
                          least(a.burst, h.tokens + a.back
                                + a.rate * greatest(extract(epoch FROM c.now - h.refilled_at), 0)::double precision)) AS tokens
                   FROM held h JOIN asked a USING (bucket_key) CROSS JOIN clock c),
               made AS (
                 SELECT a.n, a.bucket_key, a.rate, a.burst, a.wanted, NULL::timestamptz AS forget_at, c.now,
                        (a.burst + least(a.back, 0))::double precision AS tokens
                   FROM asked a CROSS JOIN clock c
                  WHERE (a.wanted > 0 OR a.back < 0)
                    AND NOT EXISTS (SELECT FROM trunkline.rate_buckets b WHERE b.bucket_key = a.bucket_key)),
               judged AS MATERIALIZED (
                 SELECT r.*, greatest(least(r.wanted, floor(r.tokens)), 0)::int AS granted FROM refilled r
                  UNION ALL
                 SELECT m.*, greatest(least(m.wanted, floor(m.tokens)), 0)::int FROM made m),
               stored AS MATERIALIZED (
                 SELECT j.n, j.bucket_key, j.granted, j.now, j.tokens - j.granted AS tokens, f.full_at,
                        CASE WHEN j.forget_at BETWEEN f.full_at AND f.full_at + interval '10 minutes' THEN j.forget_at
                             ELSE f.full_at + interval '5 minutes' END AS forget_at
                   FROM judged j
                  CROSS JOIN LATERAL (
                        SELECT j.now + make_interval(secs => least((j.burst - j.tokens + j.granted) / greatest(j.rate, 0.00001), 1e8))
                               AS full_at) f),
               taken AS (
                 UPDATE trunkline.rate_buckets b
                    SET tokens = s.tokens, refilled_at = s.now, forget_at = s.forget_at
                   FROM stored s JOIN held h USING (bucket_key)
                  WHERE b.bucket_key = s.bucket_key
                 RETURNING s.n, s.granted, b.tokens),
               inserted AS (
                 INSERT INTO trunkline.rate_buckets AS b (bucket_key, tokens, refilled_at, forget_at)
                 SELECT s.bucket_key, s.tokens, s.now, s.forget_at
                   FROM stored s WHERE s.bucket_key NOT IN (SELECT h.bucket_key FROM held h)
                  ORDER BY s.bucket_key
                     ON CONFLICT ON CONSTRAINT rate_buckets_pk DO NOTHING
                 RETURNING b.bucket_key)
          SELECT t.n, t.granted, t.tokens FROM taken t
           UNION ALL
          SELECT s.n, s.granted, s.tokens FROM inserted i JOIN stored s USING (bucket_key)
          """,
          N,
          GRANTED,
          TOKENS);

  private static final SqlText FORGET =
      SqlText.of(
          """
          -- rate_buckets.forget: what is full again, which is as good as not there; judged once more under the lock
          DELETE FROM trunkline.rate_buckets
           WHERE bucket_key IN (
                 SELECT b.bucket_key FROM trunkline.rate_buckets b
                  WHERE b.forget_at < (SELECT clock_timestamp())
                  ORDER BY b.forget_at LIMIT :rows_max
                    FOR UPDATE SKIP LOCKED)
          """);

  private final Database database;

  BucketRows(Database database) {
    this.database = database;
  }

  /// Leases, on the calling thread, which must be a lane's. Each key once.
  List<Outcome> lease(List<Lease> leases) {
    var outcomes =
        new ArrayList<Outcome>(Collections.nCopies(leases.size(), new Outcome.Skipped()));
    database
        .runHere(sql ->
            sql.text(LEASE)
                .all("keys", SQLDataType.BLOB, leases, lease -> lease.key().digest())
                .all("rates", SQLDataType.DOUBLE, leases, lease -> lease.limit().perSecond())
                .all("bursts", SQLDataType.INTEGER, leases, lease -> lease.limit().burst())
                .all("wanted", SQLDataType.INTEGER, leases, Lease::wanted)
                .all("backs", SQLDataType.INTEGER, leases, Lease::back)
                .rows())
        .forEach(row ->
            outcomes.set(row.get(N) - 1, new Outcome.Granted(row.get(GRANTED), row.get(TOKENS))));
    return outcomes;
  }

  /// Removes buckets that are full.
  int forget(int rowsMax) {
    return database.run(sql -> sql.text(FORGET).set("rows_max", rowsMax).execute());
  }
}
