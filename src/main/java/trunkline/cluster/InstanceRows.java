package trunkline.cluster;

import static org.jooq.Records.mapping;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.when;
import static trunkline.cluster.InstanceDirectoryTable.INSTANCE_DIRECTORY;
import static trunkline.cluster.InstancesTable.INSTANCES;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record9;
import org.jooq.ResultQuery;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;
import trunkline.signal.WakeMode;
import trunkline.store.Database;
import trunkline.store.DatabaseClock;
import trunkline.store.DirectConnection;
import trunkline.store.SqlText;

/// Writes and reads `instances`.
final class InstanceRows {
  /// The limit of rows when reading the directory.
  static final int LOOK_MAX = 1_000;

  /// Every observer reads of an end within this time.
  static final Duration LATELY = Duration.ofMinutes(1);

  private static final Field<Instant> BEAT_BEFORE =
      SqlText.column("beat_before", INSTANCES.BEAT_AT.getDataType());
  private static final Field<Long> TIMELINE = SqlText.column("timeline", SQLDataType.BIGINT);

  private static final Field<Boolean> DRAIN_WANTED =
      SqlText.column("drain_wanted", SQLDataType.BOOLEAN);

  private static final SqlText BEAT =
      SqlText.of(
          """
          -- instances.beat: no row means fenced, which is for ever, or that this is another database. After
          -- a failover that lost our row somebody else may have got our number: started_at tells us apart.
          -- A lost beat costs little, so nobody waits for the disk because of one
          WITH unflushed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
               before AS MATERIALIZED (
                 SELECT beat_at FROM trunkline.instances WHERE instance_id = :instance_id)
          UPDATE trunkline.instances i
             SET lease_until = clock_timestamp() + :lease,
                 beat_at = clock_timestamp(),
                 wake_mode = :wake_mode,
                 streams_held = :streams_held,
                 draining_at = CASE WHEN :leaving OR i.drain_wanted_at IS NOT NULL THEN coalesce(i.draining_at, clock_timestamp()) END,
                 leaving_at = coalesce(i.leaving_at, CASE WHEN :leaving THEN clock_timestamp() END),
                 drained_at = CASE WHEN :drained AND (:leaving OR i.drain_wanted_at IS NOT NULL)
                                   THEN coalesce(i.drained_at, clock_timestamp()) END
            FROM unflushed, before b
           WHERE i.instance_id = :instance_id AND i.started_at = :started_at
             AND i.dead_at IS NULL AND i.left_at IS NULL AND trunkline.is_home()
          RETURNING i.beat_at, b.beat_at AS beat_before, trunkline.timeline() AS timeline,
                    i.drain_wanted_at IS NOT NULL AS drain_wanted
          """,
          INSTANCES.BEAT_AT,
          BEAT_BEFORE,
          TIMELINE,
          DRAIN_WANTED);

  static final Field<Boolean> EXPIRED = SqlText.column("expired", SQLDataType.BOOLEAN);
  static final Field<Boolean> GONE = SqlText.column("gone", SQLDataType.BOOLEAN);

  /// Whoever may live, and who went lately, so that each observer hears of it; two questions, each
  /// with an index of its own, past those that went in a month.
  static final String OTHERS =
      """
      (SELECT i.instance_id, CASE WHEN isfinite(i.beat_at) THEN i.beat_at END AS beat_at,
             i.lease_until < clock_timestamp() AS expired, i.dead_at IS NOT NULL OR i.left_at IS NOT NULL AS gone
        FROM (SELECT * FROM trunkline.instances WHERE dead_at IS NULL AND left_at IS NULL
              UNION ALL
              SELECT * FROM trunkline.instances
               WHERE coalesce(dead_at, left_at) > (SELECT clock_timestamp() - :lately)) i
        WHERE i.instance_id <> :me)\
      """;

  private static final SqlText OBSERVE =
      SqlText.of(
          """
          -- instances.observe: the others alone, where the look around fails that has them too
          SELECT i.instance_id, i.beat_at, i.expired, i.gone FROM %s i ORDER BY i.instance_id LIMIT :max
          """
              .formatted(OTHERS),
          INSTANCES.INSTANCE_ID,
          INSTANCES.BEAT_AT,
          EXPIRED,
          GONE);

  private static final Field<Boolean> LOST = SqlText.column("lost", SQLDataType.BOOLEAN);

  private static final SqlText IS_LOST =
      SqlText.of(
          """
          -- instances.is_lost: dead is one thing, never heard of another
          SELECT :beat_at > clock_timestamp() - :kept_for AND NOT EXISTS (
                   SELECT FROM trunkline.instances
                    WHERE instance_id = :instance_id AND started_at = :started_at) AS lost
          """,
          LOST);

  private final Database database;
  private final InstancePolicy policy;

  InstanceRows(Database database, InstancePolicy policy) {
    this.database = database;
    this.policy = policy;
  }

  /// A wish that was about the former number is about this one.
  ///
  /// @param restores how often the database was restored, as just found
  /// @param former our row until now; null at a start, and when the database has lost it
  /// @param drainWanted what that row said last
  Registration register(
      WakeMode mode, int restores, @Nullable Registration former, boolean drainWanted) {
    var wanted =
        former == null
            ? when(inline(drainWanted), DatabaseClock.now())
            : field(
                select(INSTANCES.DRAIN_WANTED_AT)
                    .from(INSTANCES)
                    .where(INSTANCES.INSTANCE_ID.eq(former.id()))
                    .and(INSTANCES.STARTED_AT.eq(former.startedAt())));
    return database.run(sql ->
        sql.named("instances.register: a number that no instance ever had")
            .insertInto(INSTANCES)
            .set(INSTANCES.LEASE_UNTIL, DatabaseClock.in(policy.lease()))
            .set(INSTANCES.WAKE_MODE, mode)
            .set(INSTANCES.URL, policy.url())
            .set(INSTANCES.VERSION, policy.version())
            .set(INSTANCES.HISTORY_AGE_MAX, policy.historyAgeMax())
            .set(INSTANCES.STEERABLE, true)
            .set(INSTANCES.HEARS, true)
            .set(INSTANCES.DRAIN_WANTED_AT, wanted)
            .returningResult(INSTANCES.INSTANCE_ID, INSTANCES.STARTED_AT)
            .fetchSingle(mapping((id, startedAt) -> new Registration(id, startedAt, restores))));
  }

  /// Renews the lease, over the heartbeat's own connection.
  ///
  /// That it is not flushed holds for its transaction alone: a session's SET would stay behind in a
  /// pooler's connection, and the next one's messages would be acknowledged before they are safe.
  ///
  /// @param duty whether it is about to leave or drained, and what it holds, which the directory
  ///   says then
  /// @return empty when the instance is fenced, or the database is another one
  Optional<BeatWritten> beat(DirectConnection line, Registration self, WakeMode mode, Duty duty) {
    return line.run(sql ->
        sql.text(BEAT)
            .set("lease", policy.lease())
            .set(INSTANCES.WAKE_MODE, mode)
            .set("streams_held", duty.held())
            .set("leaving", duty.isLeaving())
            .set("drained", duty.isDrained())
            .set(INSTANCES.INSTANCE_ID, self.id())
            .set(INSTANCES.STARTED_AT, self.startedAt())
            .optional(row ->
                new BeatWritten(
                    row.get(INSTANCES.BEAT_AT),
                    row.get(BEAT_BEFORE),
                    row.get(TIMELINE),
                    row.get(DRAIN_WANTED))));
  }

  /// Whether our row is gone, or another's: the database has lost what it had committed, since ours
  /// was flushed to disk. Long after our end it is forgotten on purpose.
  ///
  /// @param seen the last time that we saw it
  boolean isLost(Registration self, Instant seen) {
    return database.run(sql ->
        sql.text(IS_LOST)
            .set(INSTANCES.INSTANCE_ID, self.id())
            .set(INSTANCES.STARTED_AT, self.startedAt())
            .set(INSTANCES.BEAT_AT, seen)
            .set("kept_for", policy.keptFor())
            .single(row -> row.get(LOST)));
  }

  /// Says goodbye.
  ///
  /// @return false when it was dead already, which it stays
  boolean leave(Registration self) {
    return 1
        == database.run(sql ->
            sql.named("instances.leave: a dead one stays dead")
                .update(INSTANCES)
                .set(INSTANCES.LEFT_AT, DatabaseClock.now())
                .where(INSTANCES.INSTANCE_ID.eq(self.id()))
                .and(INSTANCES.STARTED_AT.eq(self.startedAt()))
                .and(isPresent())
                .execute());
  }

  List<Sighting.Row> others(InstanceId self) {
    return database.run(sql ->
        sql.text(OBSERVE)
            .set("me", INSTANCES.INSTANCE_ID, self)
            .set("lately", LATELY)
            .set("max", LOOK_MAX)
            .fetch(InstanceRows::sighted));
  }

  static Sighting.Row sighted(Record row) {
    return new Sighting.Row(
        row.get(INSTANCES.INSTANCE_ID),
        row.get(INSTANCES.BEAT_AT),
        row.get(EXPIRED),
        row.get(GONE));
  }

  boolean declareExpiredDead(Sighting seen) {
    return 1
        == database.run(sql ->
            sql.named("instances.declare_expired_dead: if it has shown no sign since")
                .update(INSTANCES)
                .set(INSTANCES.DEAD_AT, DatabaseClock.now())
                .where(INSTANCES.INSTANCE_ID.eq(seen.id()))
                .and(INSTANCES.BEAT_AT.eq(seen.beatAt()))
                .and(INSTANCES.LEASE_UNTIL.lt(DatabaseClock.now()))
                .and(isPresent())
                .execute());
  }

  boolean declareDead(InstanceId id) {
    var heading = "instances.declare_dead: somebody knows that it is gone";
    return database.run(sql -> Routines.declareDead(sql.routine(heading), id));
  }

  DrainOutcome drain(InstanceId id) {
    var heading = "instances.drain: an operator wants it to serve nobody";
    return DrainOutcome.of(database.run(sql -> Routines.drain(sql.routine(heading), id)));
  }

  UndrainOutcome undrain(InstanceId id) {
    var heading = "instances.undrain: an operator wants it to serve again";
    return UndrainOutcome.of(database.run(sql -> Routines.undrain(sql.routine(heading), id)));
  }

  /// Newest first.
  List<Instance> directory() {
    return database.run(sql ->
        directory(sql.named("instances.directory: for whoever asks"), noCondition())
            .fetch(mapping(Instance::new)));
  }

  Optional<Instance> find(InstanceId id) {
    return database.run(sql ->
        directory(
                sql.named("instances.find: one of the directory"),
                INSTANCE_DIRECTORY.INSTANCE_ID.eq(id))
            .fetchOptional(mapping(Instance::new)));
  }

  private static ResultQuery<
          Record9<
              InstanceId, String, String, InstanceState, Long, WakeMode, Instant, Instant, Instant>>
      directory(DSLContext sql, Condition which) {
    return sql.select(
            INSTANCE_DIRECTORY.INSTANCE_ID,
            INSTANCE_DIRECTORY.URL,
            INSTANCE_DIRECTORY.VERSION,
            INSTANCE_DIRECTORY.STATE,
            INSTANCE_DIRECTORY.STREAMS_HELD,
            INSTANCE_DIRECTORY.WAKE_MODE,
            INSTANCE_DIRECTORY.BEAT_AT,
            INSTANCE_DIRECTORY.STARTED_AT,
            INSTANCE_DIRECTORY.DRAINED_AT)
        .from(INSTANCE_DIRECTORY)
        .where(which)
        .orderBy(INSTANCE_DIRECTORY.INSTANCE_ID.desc())
        .limit(LOOK_MAX);
  }

  int forget(int rowsMax) {
    return database.run(sql ->
        sql.named("instances.forget: nobody asks any more")
            .deleteFrom(INSTANCES)
            .where(
                INSTANCES.INSTANCE_ID.in(
                    select(INSTANCES.INSTANCE_ID)
                        .from(INSTANCES)
                        .where(
                            coalesce(INSTANCES.DEAD_AT, INSTANCES.LEFT_AT)
                                .lt(DatabaseClock.ago(policy.keptFor())))
                        .orderBy(INSTANCES.INSTANCE_ID)
                        .limit(rowsMax)
                        .forUpdate()
                        .skipLocked()))
            .execute());
  }

  /// Neither declared dead nor gone.
  private static Condition isPresent() {
    return INSTANCES.DEAD_AT.isNull().and(INSTANCES.LEFT_AT.isNull());
  }
}
