package trunkline.console;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INSTANT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import trunkline.console.SessionSearch.Listed;
import trunkline.console.SessionSearch.Listing;
import trunkline.console.SessionSearch.State;
import trunkline.console.SessionSearch.Wanted;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// Sessions, the newest first.
final class SessionListRows {
  /// So many of a page are shown.
  static final int ROWS_MAX = 50;

  /// So many are looked at for a page: what is asked for has no index, and a page has an end.
  private static final int LOOKED_AT_MAX = 20_000;

  private static final Field<Long> KEY = column("session_key", BIGINT);
  private static final Field<String> PRINCIPAL = column("principal", CLOB);
  private static final Field<String> NAME = column("name", CLOB);
  private static final Field<String> VERSION = column("version", CLOB);
  private static final Field<String> REVISION = column("revision", CLOB);
  private static final Field<Instant> CREATED = column("created_at", INSTANT);
  private static final Field<Instant> USED = column("last_used_at", INSTANT);
  private static final Field<Instant> ENDED = column("ended_at", INSTANT);
  private static final Field<String> REASON = column("end_reason", CLOB);
  private static final Field<Integer> INSTANCE = column("instance_id", INTEGER);
  private static final Field<Long> STREAMS = column("open_streams", BIGINT);
  private static final Field<Long> CALLS = column("running_calls", BIGINT);
  private static final Field<Long> QUESTIONS = column("pending_requests", BIGINT);
  private static final Field<Long> LOOKED_TO = column("looked_to", BIGINT);
  private static final Field<Long> LOOKED = column("looked", BIGINT);

  /// What a client says that it is, out of the JSON that it sent.
  private static final String CLIENT =
      """
      coalesce(left(substring(left(%1$s.client, 4096), '"name"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"'), 200), '') AS name,
             coalesce(left(substring(left(%1$s.client, 4096), '"version"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"'), 200), '') AS version\
      """;

  private static final SqlText PAGE =
      SqlText.of(
          """
          -- console.sessions: a page of those that are asked for, among so many of the next ones by key; the last column says where
          -- to go on, also where none was found. What is counted of a session is counted for what is shown
          WITH looked AS MATERIALIZED (
                 SELECT session_key, principal, client, ended_at FROM trunkline.session_directory
                  WHERE session_key < :before ORDER BY session_key DESC LIMIT :look),
               found AS MATERIALIZED (
                 SELECT session_key FROM looked l
                  WHERE (:principal = '' OR l.principal = :principal)
                    AND (:client = '' OR position(lower(:client) IN lower(left(l.client, 4096))) > 0)
                    AND (:state = '' OR (:state = 'ended') = (l.ended_at IS NOT NULL))
                  ORDER BY session_key DESC LIMIT :rows)
          SELECT d.session_key, d.principal, %s,
                 d.revision, d.created_at, d.last_used_at, d.ended_at, d.end_reason,
                 (SELECT t.instance_id FROM trunkline.stream_directory t WHERE t.session_key = d.session_key AND t.standalone) AS instance_id,
                 d.open_streams, d.running_calls, d.pending_requests, n.looked_to, n.looked
            FROM (SELECT min(session_key) AS looked_to, count(*) AS looked FROM looked) n
            LEFT JOIN (SELECT d.* FROM found JOIN trunkline.session_directory d USING (session_key)) d ON true
           ORDER BY d.session_key DESC
          """
              .formatted(CLIENT.formatted("d")),
          KEY,
          PRINCIPAL,
          NAME,
          VERSION,
          REVISION,
          CREATED,
          USED,
          ENDED,
          REASON,
          INSTANCE,
          STREAMS,
          CALLS,
          QUESTIONS,
          LOOKED_TO,
          LOOKED);

  private static final SqlText BEGUN =
      SqlText.of(
          """
          -- console.sessions_begun: the newest key that is so old. Keys rise with time, so halving finds it with a look at some forty rows
          WITH RECURSIVE due AS (SELECT clock_timestamp() - make_interval(secs => :seconds) AS at),
               half AS (
                 SELECT 0::bigint AS low, coalesce((SELECT max(session_key) FROM trunkline.session_directory), 0) AS high
                 UNION ALL
                 SELECT CASE WHEN f.session_key > h.low AND f.created_at >= due.at THEN h.low ELSE h.middle END,
                        CASE WHEN f.session_key > h.low AND f.created_at >= due.at THEN f.session_key - 1 ELSE h.high END
                   FROM (SELECT low, high, (low + high + 1) / 2 AS middle FROM half WHERE low < high) h
                  CROSS JOIN due
                   LEFT JOIN LATERAL (SELECT session_key, created_at FROM trunkline.session_directory
                                       WHERE session_key <= h.middle ORDER BY session_key DESC LIMIT 1) f ON true)
          SELECT low AS session_key FROM half WHERE low >= high ORDER BY low DESC LIMIT 1
          """,
          KEY);

  private static final SqlText BY_ID =
      SqlText.of(
          """
          -- console.session_of_id: an operator has the id from a log or a client
          SELECT session_key FROM trunkline.session_directory WHERE session_id = :id
          """,
          KEY);

  private SessionListRows() {}

  static Listing page(Sql sql, Wanted wanted) {
    var look = wanted.isAnybody() ? ROWS_MAX + 1 : LOOKED_AT_MAX;
    var rows =
        sql.text(PAGE)
            .set("before", Math.min(wanted.before(), youngest(sql, wanted)))
            .set("look", look)
            .set("principal", wanted.principal())
            .set("client", wanted.client())
            .set("state", wanted.state().map(State::word).orElse(""))
            .set("rows", ROWS_MAX + 1)
            .rows();
    var sessions = new ArrayList<Listed>();
    for (var row : rows) {
      if (row.get(KEY) != null) {
        sessions.add(listed(row));
      }
    }
    var looked = number(rows.getFirst(), LOOKED);
    if (sessions.size() > ROWS_MAX) {
      sessions.removeLast();
      return new Listing(sessions, Optional.of(sessions.getLast().key()), looked);
    }
    return new Listing(
        sessions,
        looked < look ? Optional.empty() : Optional.of(number(rows.getFirst(), LOOKED_TO)),
        looked);
  }

  /// The first key that is too young.
  private static long youngest(Sql sql, Wanted wanted) {
    return wanted
        .age()
        .map(age -> sql.text(BEGUN).set("seconds", age.seconds()).single(row -> number(row, KEY)))
        .map(key -> key + 1)
        .orElse(Long.MAX_VALUE);
  }

  static Optional<Long> ofId(Sql sql, String id) {
    return sql.text(BY_ID).set("id", id).optional(row -> number(row, KEY));
  }

  private static Listed listed(Record row) {
    return new Listed(
        number(row, KEY),
        row.get(PRINCIPAL),
        row.get(NAME),
        row.get(VERSION),
        row.get(REVISION),
        row.get(CREATED),
        row.get(USED),
        row.get(ENDED),
        row.get(REASON),
        row.get(INSTANCE),
        number(row, STREAMS),
        number(row, CALLS),
        number(row, QUESTIONS));
  }

  private static long number(Record row, Field<Long> field) {
    return Objects.requireNonNullElse(row.get(field), 0L);
  }
}
