package trunkline.session;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.jooq.Records.mapping;
import static org.jooq.impl.DSL.any;
import static trunkline.session.SessionsTable.SESSIONS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.signal.Wakes;
import trunkline.store.Database;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// Reads and writes `sessions`. What spans owners (opening, ending) is a function of the
/// migrations.
final class SessionRows implements AutoCloseable {
  private static final Field<Long> ORD = SqlText.column("ord", SQLDataType.BIGINT);
  private static final Field<Long> STREAM = SqlText.column("stream_id", SQLDataType.BIGINT);
  private static final Field<Double> SECONDS_LEFT =
      SqlText.column("seconds_left", SQLDataType.DOUBLE);

  private static final SqlText FIND =
      SqlText.of(
          """
          -- sessions.find: one statement for all who ask at the same time. OFFSET 0: each by its id, also by a plan that
          -- was made when the table was small
          SELECT asked.ord, s.session_key, s.revision, s.principal, s.capabilities, s.client, s.log_level,
                 s.announced_from, s.toolset, t.stream_id,
                 extract(epoch FROM s.created_at + :lifetime - clock_timestamp())::float8 AS seconds_left
            FROM unnest(:ids::text[], :principals::text[]) WITH ORDINALITY AS asked (session_id, principal, ord)
           CROSS JOIN LATERAL (SELECT * FROM trunkline.sessions f WHERE f.session_id = asked.session_id OFFSET 0) s
            JOIN trunkline.streams t ON t.session_key = s.session_key AND t.standalone
           WHERE (s.principal = asked.principal OR asked.principal IS NULL)
             AND s.ended_at IS NULL
             AND s.created_at + :lifetime > clock_timestamp()
          """,
          ORD,
          SESSIONS.SESSION_KEY,
          SESSIONS.REVISION,
          SESSIONS.PRINCIPAL,
          SESSIONS.CAPABILITIES,
          SESSIONS.CLIENT,
          SESSIONS.LOG_LEVEL,
          SESSIONS.ANNOUNCED_FROM,
          SESSIONS.TOOLSET,
          STREAM,
          SECONDS_LEFT);

  private static final SqlText IDLE =
      SqlText.of(
          """
          -- sessions.idle: of one principal, the longest idle first: candidates only, as the unused are
          SELECT s.session_key FROM trunkline.sessions s
           WHERE s.ended_at IS NULL AND s.principal = :principal
             AND s.last_used_at + :idle <= clock_timestamp()
             AND NOT EXISTS (SELECT FROM trunkline.streams t
                              WHERE t.session_key = s.session_key
                                AND (t.holder_instance IS NOT NULL
                                     OR t.closed_at + :idle > clock_timestamp()))
             AND NOT EXISTS (SELECT FROM trunkline.calls c
                              WHERE c.session_key = s.session_key
                                AND (c.finished_at IS NULL
                                     OR c.finished_at + :idle > clock_timestamp()))
           ORDER BY s.last_used_at, s.session_key LIMIT :rows_max
          """,
          SESSIONS.SESSION_KEY);

  private static final SqlText TOUCH =
      SqlText.of(
          """
          -- sessions.touch: two instances touch in any order; a row that is locked waits for the next
          -- round instead of making a queue, so there is nothing to deadlock on
          WITH free AS MATERIALIZED (
                 SELECT session_key FROM trunkline.sessions
                  WHERE session_key = ANY (:sessions) AND ended_at IS NULL
                  ORDER BY session_key FOR NO KEY UPDATE SKIP LOCKED),
               touched AS (
                 UPDATE trunkline.sessions s SET last_used_at = clock_timestamp()
                   FROM free WHERE s.session_key = free.session_key
                 RETURNING s.session_key)
          SELECT s.session_key FROM trunkline.sessions s
           WHERE s.session_key = ANY (:sessions) AND s.ended_at IS NULL
             AND s.session_key NOT IN (SELECT session_key FROM touched)
          """,
          SESSIONS.SESSION_KEY);

  private static final LanePolicy LOOK_UPS = new LanePolicy(64, 4_096, Duration.ofSeconds(3));
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;
  private final Duration lifetimeMax;
  private final Lane<LookUp, Optional<Found>> lookUps;

  /// The effect of a change of a session's own row.
  ///
  /// @param done false when the session had ended before, or lives on
  /// @param wakes to be sent, now that it is committed
  record Ending(boolean done, Wakes wakes) {}

  /// A session as the database has it.
  ///
  /// @param nanosLeft of its lifetime, by the database's clock
  /// @param bytes about what it takes of the heap
  record Found(Session session, long nanosLeft, int bytes) {}

  private record LookUp(SessionId id, @Nullable Principal principal) {
    @Nullable String name() {
      return principal == null ? null : principal.name();
    }
  }

  SessionRows(Database database, Duration lifetimeMax) {
    this.database = database;
    this.lifetimeMax = lifetimeMax;
    this.lookUps = new Lane<>("trunkline-look-up", LOOK_UPS, this::find);
  }

  /// Judged by a statement that starts after the call: never from before it.
  ///
  /// @param principal whose session it must be; null for the server itself
  CompletableFuture<Optional<Found>> find(SessionId id, @Nullable Principal principal) {
    return lookUps.submit(new LookUp(id, principal));
  }

  private List<Optional<Found>> find(List<LookUp> asked) {
    var found = new ArrayList<Optional<Found>>(Collections.nCopies(asked.size(), Optional.empty()));
    var rows =
        database.runHere(sql ->
            sql.text(FIND)
                .all("ids", SESSIONS.SESSION_ID, asked, LookUp::id)
                .all("principals", SESSIONS.PRINCIPAL, asked, LookUp::name)
                .set("lifetime", lifetimeMax)
                .rows());
    for (var row : rows) {
      var index = row.get(ORD).intValue() - 1;
      found.set(index, Optional.of(found(asked.get(index), row)));
    }
    return found;
  }

  /// A tree of JSON takes about eight times its text.
  private static Found found(LookUp asked, Record row) {
    var text = row.get(SESSIONS.CAPABILITIES).length() + row.get(SESSIONS.CLIENT).length();
    var secondsLeft = Math.min(row.get(SECONDS_LEFT), 1e9);
    return new Found(session(asked, row), (long) (secondsLeft * 1e9), 1_000 + 8 * text);
  }

  private static Session session(LookUp asked, Record row) {
    return new Session(
        row.get(SESSIONS.SESSION_KEY),
        asked.id(),
        row.get(SESSIONS.REVISION),
        new Principal(row.get(SESSIONS.PRINCIPAL)),
        Codec.objectFrom(row.get(SESSIONS.CAPABILITIES)),
        Codec.objectFrom(row.get(SESSIONS.CLIENT)),
        level(row.get(SESSIONS.LOG_LEVEL)),
        new StreamId(row.get(STREAM)),
        row.get(SESSIONS.ANNOUNCED_FROM),
        Objects.requireNonNullElse(row.get(SESSIONS.TOOLSET), ""));
  }

  private static @Nullable LogLevel level(@Nullable String text) {
    return text == null ? null : LogLevel.parse(text).orElse(null);
  }

  Ending end(SessionKey session, EndReason reason) {
    var heading = "sessions.end: everything of the session, in the written lock order";
    return PATIENCE.run(
        database,
        sql -> {
          var end = Routines.endSessionNow(sql.routine(heading), session, reason.text());
          return new Ending(end.getEnded(), end.getWakes());
        });
  }

  /// Ends it when, under its lock, it is unused or too old.
  Ending endUnused(SessionKey session, Duration idle, Duration lifetime) {
    var heading = "sessions.end_unused: judged again under the session's lock";
    return PATIENCE.run(
        database,
        sql -> {
          var end = Routines.endUnusedSession(sql.routine(heading), session, idle, lifetime);
          return new Ending(end.getEnded(), end.getWakes());
        });
  }

  /// The principal's sessions that seem idle for so long, the longest first.
  List<SessionKey> idle(Principal principal, Duration idle, int rowsMax) {
    return PATIENCE.run(
        database,
        sql ->
            sql.text(IDLE)
                .set("principal", SESSIONS.PRINCIPAL, principal.name())
                .set("idle", idle)
                .set("rows_max", rowsMax)
                .fetch(row -> row.get(SESSIONS.SESSION_KEY)));
  }

  /// The living sessions of these principals.
  Map<String, Set<SessionKey>> ofPrincipals(Collection<String> names) {
    return PATIENCE.run(
        database,
        sql ->
            sql.named("sessions.of_principals: whom an announcement about a principal concerns")
                .select(SESSIONS.PRINCIPAL, SESSIONS.SESSION_KEY)
                .from(SESSIONS)
                .where(SESSIONS.PRINCIPAL.eq(any(names.toArray(String[]::new))))
                .and(SESSIONS.ENDED_AT.isNull())
                .collect(
                    groupingBy(
                        row -> row.get(SESSIONS.PRINCIPAL),
                        Collectors.mapping(row -> row.get(SESSIONS.SESSION_KEY), toSet()))));
  }

  /// Removes sessions ended so long ago.
  ///
  /// @return how many
  int forget(Duration age, int rowsMax) {
    var heading = "sessions.forget: rows of sessions that ended long ago";
    return PATIENCE.run(
        database, sql -> Routines.forgetEndedSessions(sql.routine(heading), age, rowsMax));
  }

  long living() {
    return PATIENCE.run(
        database,
        sql ->
            sql.named("sessions.living: only where there seem to be as many as there may be")
                .selectCount()
                .from(SESSIONS)
                .where(SESSIONS.ENDED_AT.isNull())
                .fetchSingle(mapping(Integer::longValue)));
  }

  /// How long a session lasted; empty when it has not ended, or is gone.
  Optional<Lasted> lasted(SessionKey session) {
    return PATIENCE.run(
        database,
        sql ->
            sql.named("sessions.lasted: of one that has just ended, for the metric")
                .select(SESSIONS.CREATED_AT, SESSIONS.ENDED_AT, SESSIONS.REVISION)
                .from(SESSIONS)
                .where(SESSIONS.SESSION_KEY.eq(session))
                .and(SESSIONS.ENDED_AT.isNotNull())
                .fetchOptional(
                    mapping((begun, ended, revision) ->
                        new Lasted(Duration.between(begun, ended), revision))));
  }

  Ending logLevel(SessionKey session, LogLevel level) {
    var heading = "sessions.log_level: the change and its announcement commit together";
    return PATIENCE.run(
        database,
        sql -> {
          var change = Routines.setLogLevel(sql.routine(heading), session, level.text());
          return new Ending(change.getLiving(), change.getWakes());
        });
  }

  /// Notes that the sessions are in use.
  ///
  /// @return those that are locked, to be tried again
  Collection<SessionKey> touch(Collection<SessionKey> sessions) {
    return PATIENCE.run(
        database,
        sql ->
            sql.text(TOUCH)
                .all("sessions", SESSIONS.SESSION_KEY, sessions)
                .fetch(row -> row.get(SESSIONS.SESSION_KEY)));
  }

  @Override
  public void close() {
    lookUps.close();
  }
}
