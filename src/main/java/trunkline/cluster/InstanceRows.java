package trunkline.cluster;

import static trunkline.store.Database.sql;

import java.sql.Connection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Record;
import trunkline.signal.InstanceId;
import trunkline.signal.WakeMode;

/// The only class that names the `instances` table.
final class InstanceRows {
  private static final String REGISTER =
      """
      -- instances.register: a number that no instance ever had
      insert into trunkline.instances (lease_until, wake_mode, url, version)
      values (clock_timestamp() + make_interval(secs => ?), ?, ?, ?)
      returning instance_id, started_at
      """;

  private static final String BEAT =
      """
      -- instances.beat: no row means fenced, which is for ever. After a failover that lost our row
      -- somebody else may have got our number: started_at tells us apart. A lost beat costs little,
      -- so nobody waits for the disk because of one
      with unflushed as materialized (select set_config('synchronous_commit', 'off', true))
      update trunkline.instances
         set lease_until = clock_timestamp() + make_interval(secs => ?),
             beat_at = clock_timestamp(),
             wake_mode = ?
        from unflushed
       where instance_id = ? and started_at = ?::timestamptz and dead_at is null and left_at is null
      """;

  private static final String LEAVE =
      """
      -- instances.leave: a dead one stays dead
      update trunkline.instances set left_at = clock_timestamp()
       where instance_id = ? and started_at = ?::timestamptz and dead_at is null and left_at is null
      """;

  private static final String OBSERVE =
      """
      -- instances.observe: whoever may live, and who went lately, so that each observer hears of it
      select instance_id, beat_at, lease_until < clock_timestamp() as expired,
             dead_at is not null or left_at is not null as gone
        from trunkline.instances
       where instance_id <> ?
         and coalesce(dead_at, left_at, 'infinity') > clock_timestamp() - interval '1 minute'
       order by instance_id
       limit 1000
      """;

  private static final String DECLARE_EXPIRED_DEAD =
      """
      -- instances.declareExpiredDead: guarded by the beat that was observed, so there is one winner
      -- and a beat in between saves it
      update trunkline.instances set dead_at = clock_timestamp()
       where instance_id = ? and beat_at = ?::timestamptz and lease_until < clock_timestamp()
         and dead_at is null and left_at is null
      """;

  private static final String DECLARE_DEAD =
      """
      -- instances.declareDead: somebody knows that it is gone
      select trunkline.declare_dead(?)
      """;

  private static final String DIRECTORY =
      """
      -- instances.directory: newest first
      select instance_id, url, version, state, streams_held, wake_mode, beat_at, started_at
        from trunkline.instance_directory
       where ?::int is null or instance_id = ?
       order by instance_id desc
       limit 1000
      """;

  private static final String FORGET =
      """
      -- instances.forget: nobody asks any more
      delete from trunkline.instances
       where instance_id in (select instance_id from trunkline.instances
                              where coalesce(dead_at, left_at) < clock_timestamp() - make_interval(secs => ?)
                              order by instance_id
                              limit ?
                                for update skip locked)
      """;

  private final InstancePolicy policy;

  InstanceRows(InstancePolicy policy) {
    this.policy = policy;
  }

  Registration register(Connection connection, WakeMode mode) {
    var row =
        sql(connection)
            .fetchSingle(
                REGISTER, seconds(policy.lease()), mode.word(), policy.url(), policy.version());
    return new Registration(id(row), row.get("started_at", OffsetDateTime.class));
  }

  /// Renews the lease.
  ///
  /// That it is not flushed holds for its transaction alone: a session's SET would stay behind in a
  /// pooler's connection, and the next one's messages would be acknowledged before they are safe.
  ///
  /// @return false when the instance is fenced
  boolean beat(Connection connection, Registration self, WakeMode mode) {
    var rows =
        sql(connection)
            .execute(
                BEAT, seconds(policy.lease()), mode.word(), self.id().value(), self.startedAt());
    return rows == 1;
  }

  int leave(Connection connection, Registration self) {
    return sql(connection).execute(LEAVE, self.id().value(), self.startedAt());
  }

  List<Sighting> observe(Connection connection, InstanceId self) {
    return sql(connection)
        .fetch(OBSERVE, self.value())
        .map(row ->
            new Sighting(
                id(row),
                row.get("beat_at", OffsetDateTime.class),
                row.get("expired", Boolean.class),
                row.get("gone", Boolean.class)));
  }

  /// Declares dead who was observed to be.
  ///
  /// @return whether it was us who did
  boolean declareExpiredDead(Connection connection, Sighting seen) {
    return sql(connection).execute(DECLARE_EXPIRED_DEAD, seen.id().value(), seen.beatAt()) == 1;
  }

  boolean declareDead(Connection connection, InstanceId id) {
    return Boolean.TRUE.equals(
        sql(connection).fetchSingle(DECLARE_DEAD, id.value()).get(0, Boolean.class));
  }

  List<Instance> directory(Connection connection) {
    return sql(connection).fetch(DIRECTORY, null, null).map(InstanceRows::instance);
  }

  Optional<Instance> find(Connection connection, InstanceId id) {
    return sql(connection)
        .fetchOptional(DIRECTORY, id.value(), id.value())
        .map(InstanceRows::instance);
  }

  int forget(Connection connection, int rowsMax) {
    return sql(connection).execute(FORGET, seconds(policy.keptFor()), rowsMax);
  }

  private static Instance instance(Record row) {
    return new Instance(
        id(row),
        row.get("url", String.class),
        row.get("version", String.class),
        InstanceState.valueOf(row.get("state", String.class).toUpperCase(Locale.ROOT)),
        row.get("streams_held", Long.class),
        row.get("wake_mode", String.class),
        row.get("beat_at", OffsetDateTime.class).toInstant(),
        row.get("started_at", OffsetDateTime.class).toInstant());
  }

  private static InstanceId id(Record row) {
    return new InstanceId(Objects.requireNonNull(row.get("instance_id", Integer.class)));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
