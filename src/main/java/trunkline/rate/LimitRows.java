package trunkline.rate;

import static org.jooq.impl.DSL.inline;
import static trunkline.rate.RateLimitsTable.RATE_LIMITS;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jooq.Record;
import trunkline.store.Database;
import trunkline.store.Sql;

/// Reads `rate_limits`, which only functions of the migrations write.
final class LimitRows {
  /// The rest would not count.
  private static final int LIMITS_MAX = 10_000;

  private final Database database;

  LimitRows(Database database) {
    this.database = database;
  }

  Map<BucketKey, Optional<RateLimit>> read() {
    return database.run(LimitRows::read);
  }

  /// The same without waiting.
  CompletableFuture<Map<BucketKey, Optional<RateLimit>>> submitRead() {
    return database.start(LimitRows::read);
  }

  private static Map<BucketKey, Optional<RateLimit>> read(Sql sql) {
    var limits = new HashMap<BucketKey, Optional<RateLimit>>();
    sql.named("rate_limits.read: all there are, into memory: a call asks for none")
        .select(
            RATE_LIMITS.SCOPE,
            RATE_LIMITS.PRINCIPAL,
            RATE_LIMITS.TOOL,
            RATE_LIMITS.AMOUNT,
            RATE_LIMITS.SECONDS,
            RATE_LIMITS.BURST)
        .from(RATE_LIMITS)
        .orderBy(RATE_LIMITS.SCOPE, RATE_LIMITS.PRINCIPAL, RATE_LIMITS.TOOL)
        .limit(inline(LIMITS_MAX))
        .forEach(row -> limits.put(key(row), limit(row)));
    return limits;
  }

  private static BucketKey key(Record row) {
    return new BucketKey(
        RateScope.ofText(row.get(RATE_LIMITS.SCOPE)),
        row.get(RATE_LIMITS.PRINCIPAL),
        row.get(RATE_LIMITS.TOOL));
  }

  private static Optional<RateLimit> limit(Record row) {
    return Optional.ofNullable(row.get(RATE_LIMITS.AMOUNT))
        .map(amount ->
            new RateLimit(
                amount,
                RatePeriod.ofSeconds(row.get(RATE_LIMITS.SECONDS)),
                row.get(RATE_LIMITS.BURST)));
  }
}
