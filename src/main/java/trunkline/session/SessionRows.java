package trunkline.session;

import static trunkline.store.SqlWork.bigints;
import static trunkline.store.SqlWork.seconds;
import static trunkline.store.SqlWork.texts;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.signal.Wakes;
import trunkline.store.Database;
import trunkline.store.Database.Work;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.store.LockPatience;
import trunkline.store.SqlWork;

/// Sessions in PostgreSQL. What spans owners (opening, ending) is a function of the migrations.
final class SessionRows implements SessionStore {
  private static final String OPEN =
      """
      -- sessions.open: cap, session and standalone stream in one round trip
      SELECT session_key, stream_id, announced_from
        FROM trunkline.open_session(?, ?, ?, ?, ?, ?)
      """;

  private static final String FIND =
      """
      -- sessions.find: one statement for all who ask at the same time
      SELECT asked.ord, s.session_key, s.revision, s.principal, s.capabilities, s.client, s.log_level,
             s.announced_from, t.stream_id
        FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS asked (session_id, principal, ord)
        JOIN trunkline.sessions s
          ON s.session_id = asked.session_id AND (s.principal = asked.principal OR asked.principal IS NULL)
        JOIN trunkline.streams t ON t.session_key = s.session_key AND t.standalone
       WHERE s.ended_at IS NULL
         AND s.created_at + make_interval(secs => ?) > clock_timestamp()
      """;

  private static final String SUBSCRIPTIONS =
      """
      -- subscriptions.list: what a client that missed updates is told to read again
      SELECT uri FROM trunkline.subscriptions WHERE session_key = ? ORDER BY uri LIMIT 1000
      """;

  private static final String END =
      """
      -- sessions.end: everything of the session, in the written lock order
      SELECT e.ended, w.instance, w.topic, w.id
        FROM trunkline.end_session_now(?, ?) e LEFT JOIN LATERAL unnest(e.wakes) w ON true
      """;

  private static final String END_UNUSED =
      """
      -- sessions.end_unused: judged again under the session's lock
      SELECT e.ended, w.instance, w.topic, w.id
        FROM trunkline.end_unused_session(?, make_interval(secs => ?), make_interval(secs => ?)) e
        LEFT JOIN LATERAL unnest(e.wakes) w ON true
      """;

  private static final String UNUSED =
      """
      -- sessions.unused: candidates only; no index on last_used_at, it would end HOT updates. Those
      -- with an open stream or a running call do not take the places of others
      SELECT s.session_key FROM trunkline.sessions s
       WHERE s.ended_at IS NULL
         AND (s.created_at + make_interval(secs => ?) <= clock_timestamp()
              OR s.last_used_at + make_interval(secs => ?) <= clock_timestamp()
             AND NOT EXISTS (SELECT FROM trunkline.streams t
                              WHERE t.session_key = s.session_key
                                AND (t.holder_instance IS NOT NULL
                                     OR t.closed_at + make_interval(secs => ?) > clock_timestamp()))
             AND NOT EXISTS (SELECT FROM trunkline.calls c
                              WHERE c.session_key = s.session_key
                                AND (c.finished_at IS NULL
                                     OR c.finished_at + make_interval(secs => ?) > clock_timestamp())))
       ORDER BY s.session_key LIMIT ?
      """;

  private static final String FORGET =
      """
      -- sessions.forget: rows of sessions that ended long ago
      SELECT trunkline.forget_ended_sessions(make_interval(secs => ?), ?)
      """;

  private static final String LIVING =
      """
      -- sessions.living: an index-only count of the partial index
      SELECT count(*) FROM trunkline.sessions WHERE ended_at IS NULL
      """;

  private static final String LOG_LEVEL =
      """
      -- sessions.log_level: the change and its announcement commit together
      SELECT e.living, w.instance, w.topic, w.id
        FROM trunkline.set_log_level(?, ?) e LEFT JOIN LATERAL unnest(e.wakes) w ON true
      """;

  private static final String TOUCH =
      """
      -- sessions.touch: two instances touch in any order; a row that is locked waits for the next
      -- round instead of making a queue, so there is nothing to deadlock on
      WITH free AS MATERIALIZED (
             SELECT session_key FROM trunkline.sessions
              WHERE session_key = ANY (?) AND ended_at IS NULL
              ORDER BY session_key FOR NO KEY UPDATE SKIP LOCKED),
           touched AS (
             UPDATE trunkline.sessions s SET last_used_at = clock_timestamp()
               FROM free WHERE s.session_key = free.session_key
             RETURNING s.session_key)
      SELECT s.session_key FROM trunkline.sessions s
       WHERE s.session_key = ANY (?) AND s.ended_at IS NULL
         AND s.session_key NOT IN (SELECT session_key FROM touched)
      """;

  private static final LanePolicy LOOK_UPS = new LanePolicy(64, 4_096, Duration.ofSeconds(3));
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;
  private final Duration lifetimeMax;
  private final Lane<LookUp, Optional<Session>> lookUps;

  private record LookUp(SessionId id, @Nullable Principal principal) {
    @Nullable String name() {
      return principal == null ? null : principal.name();
    }
  }

  SessionRows(Database database, Duration lifetimeMax) {
    this.database = database;
    this.lifetimeMax = lifetimeMax;
    this.lookUps = new Lane<>("trunkline-look-up", LOOK_UPS, database, this::find);
  }

  @Override
  public Optional<Session> open(SessionId id, NewSession asked, int principalSessionsMax) {
    return query(
        OPEN,
        s -> {
          s.setString(1, id.value());
          s.setString(2, asked.revision());
          s.setString(3, asked.principal().name());
          s.setString(4, Codec.text(asked.clientCapabilities()));
          s.setString(5, Codec.text(asked.clientInfo()));
          s.setInt(6, principalSessionsMax);
        },
        row -> {
          row.next();
          var key = row.getLong("session_key");
          return row.wasNull()
              ? Optional.empty()
              : Optional.of(
                  new Session(
                      new SessionKey(key),
                      id,
                      asked.revision(),
                      asked.principal(),
                      asked.clientCapabilities(),
                      asked.clientInfo(),
                      null,
                      new StreamId(row.getLong("stream_id")),
                      row.getLong("announced_from")));
        });
  }

  @Override
  public CompletableFuture<Optional<Session>> find(SessionId id, @Nullable Principal principal) {
    return lookUps.submit(new LookUp(id, principal));
  }

  private List<Optional<Session>> find(Connection connection, List<LookUp> asked)
      throws SQLException {
    var found =
        new ArrayList<Optional<Session>>(Collections.nCopies(asked.size(), Optional.empty()));
    try (var statement = connection.prepareStatement(FIND)) {
      statement.setArray(1, texts(connection, asked.stream().map(a -> a.id().value()).toList()));
      statement.setArray(
          2, connection.createArrayOf("text", asked.stream().map(LookUp::name).toArray()));
      statement.setDouble(3, seconds(lifetimeMax));
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var index = rows.getInt("ord") - 1;
          found.set(index, Optional.of(session(asked.get(index), rows)));
        }
      }
    }
    return found;
  }

  private static Session session(LookUp asked, ResultSet row) throws SQLException {
    return new Session(
        new SessionKey(row.getLong("session_key")),
        asked.id(),
        row.getString("revision"),
        new Principal(row.getString("principal")),
        Codec.objectFrom(row.getString("capabilities")),
        Codec.objectFrom(row.getString("client")),
        level(row.getString("log_level")),
        new StreamId(row.getLong("stream_id")),
        row.getLong("announced_from"));
  }

  private static @Nullable LogLevel level(@Nullable String text) {
    return text == null ? null : LogLevel.parse(text).orElse(null);
  }

  @Override
  public List<String> subscriptions(SessionKey session) {
    return query(
        SUBSCRIPTIONS,
        s -> s.setLong(1, session.value()),
        row -> {
          var uris = new ArrayList<String>();
          while (row.next()) {
            uris.add(row.getString(1));
          }
          return uris;
        });
  }

  @Override
  public Ending end(SessionKey session, String reason) {
    return query(
        END,
        s -> {
          s.setLong(1, session.value());
          s.setString(2, reason);
        },
        SessionRows::ending);
  }

  @Override
  public Ending endUnused(SessionKey session, Duration idle, Duration lifetime) {
    return query(
        END_UNUSED,
        s -> {
          s.setLong(1, session.value());
          s.setDouble(2, seconds(idle));
          s.setDouble(3, seconds(lifetime));
        },
        SessionRows::ending);
  }

  private static Ending ending(ResultSet rows) throws SQLException {
    var done = false;
    var wakes = new Wakes();
    while (rows.next()) {
      done = rows.getBoolean(1);
      wakes.add(rows);
    }
    return new Ending(done, wakes);
  }

  @Override
  public List<SessionKey> unused(Duration idle, Duration lifetime, int rowsMax) {
    return query(
        UNUSED,
        s -> {
          s.setDouble(1, seconds(lifetime));
          s.setDouble(2, seconds(idle));
          s.setDouble(3, seconds(idle));
          s.setDouble(4, seconds(idle));
          s.setInt(5, rowsMax);
        },
        SessionRows::keys);
  }

  @Override
  public int forget(Duration age, int rowsMax) {
    return query(
        FORGET,
        s -> {
          s.setDouble(1, seconds(age));
          s.setInt(2, rowsMax);
        },
        rows -> {
          rows.next();
          return rows.getInt(1);
        });
  }

  @Override
  public long living() {
    return query(
        LIVING,
        s -> {},
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  @Override
  public Ending logLevel(SessionKey session, LogLevel level) {
    return query(
        LOG_LEVEL,
        s -> {
          s.setLong(1, session.value());
          s.setString(2, level.text());
        },
        SessionRows::ending);
  }

  @Override
  public Collection<SessionKey> touch(Collection<SessionKey> sessions) {
    var keys = sessions.stream().map(SessionKey::value).toList();
    return query(
        TOUCH,
        s -> {
          var array = bigints(s.getConnection(), keys);
          s.setArray(1, array);
          s.setArray(2, array);
        },
        SessionRows::keys);
  }

  private static List<SessionKey> keys(ResultSet rows) throws SQLException {
    var keys = new ArrayList<SessionKey>();
    while (rows.next()) {
      keys.add(new SessionKey(rows.getLong(1)));
    }
    return keys;
  }

  @Override
  public StoreOutcome subscribe(SessionKey session, String uri, int subscriptionsMax) {
    return run(BelongingRows.subscribe(session, uri, subscriptionsMax));
  }

  @Override
  public void unsubscribe(SessionKey session, String uri) {
    var _ = run(BelongingRows.unsubscribe(session, uri));
  }

  @Override
  public Map<String, Set<SessionKey>> subscribers(Collection<String> uris) {
    return run(BelongingRows.subscribers(uris));
  }

  @Override
  public Optional<String> value(SessionKey session, String name) {
    return run(BelongingRows.value(session, name));
  }

  @Override
  public StoreOutcome put(SessionKey session, String name, String value, int valuesMax) {
    return run(BelongingRows.put(session, name, value, valuesMax));
  }

  @Override
  public boolean remove(SessionKey session, String name) {
    return run(BelongingRows.remove(session, name)) > 0;
  }

  @Override
  public Optional<SessionRoots.Known> roots(SessionKey session) {
    return run(RootRows.known(session));
  }

  @Override
  public void keepRoots(SessionKey session, int version, String roots) {
    var _ = run(RootRows.keep(session, version, roots));
  }

  @Override
  public void rootsChanged(SessionKey session) {
    var _ = run(RootRows.changed(session));
  }

  @Override
  public void close() {
    lookUps.close();
  }

  private <T> T query(String sql, SqlWork.Binding binding, SqlWork.Reading<T> reading) {
    return run(SqlWork.query(sql, binding, reading));
  }

  private <T> T run(Work<T> work) {
    return PATIENCE.call(database, work);
  }
}
