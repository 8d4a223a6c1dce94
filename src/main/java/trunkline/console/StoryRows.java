package trunkline.console;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INSTANT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import trunkline.console.Story.Told;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// What is kept of one session. Each part is the latest of its rows, and not more than a page
/// shows.
final class StoryRows {
  static final int ROWS_MAX = 100;

  /// So many messages of a stream are counted, the newest.
  static final int MESSAGES_MAX = 1_000;

  private static final Field<Long> KEY = column("session_key", BIGINT);
  private static final Field<Long> ID = column("id", BIGINT);
  private static final Field<String> PRINCIPAL = column("principal", CLOB);
  private static final Field<String> CLIENT = column("client", CLOB);
  private static final Field<String> REVISION = column("revision", CLOB);
  private static final Field<String> LEVEL = column("log_level", CLOB);
  private static final Field<String> WHAT = column("what", CLOB);
  private static final Field<String> OUTCOME = column("outcome", CLOB);
  private static final Field<Integer> INSTANCE = column("instance_id", INTEGER);
  private static final Field<Integer> OTHER = column("other_id", INTEGER);
  private static final Field<Integer> NUMBER = column("number", INTEGER);
  private static final Field<Boolean> FLAG = column("flag", BOOLEAN);
  private static final Field<Instant> BEGUN = column("begun_at", INSTANT);
  private static final Field<Instant> ENDED = column("ended_at", INSTANT);
  private static final Field<Instant> THIRD = column("third_at", INSTANT);
  private static final Field<Long> COUNT = column("count", BIGINT);
  private static final Field<Long> OLDEST = column("oldest", BIGINT);

  private static final SqlText SESSION =
      SqlText.of(
          """
          -- console.session: what is known of it
          SELECT session_key, principal, client, revision, log_level, created_at AS begun_at, last_used_at AS third_at, ended_at,
                 end_reason AS outcome
            FROM trunkline.session_directory WHERE session_key = :session
          """,
          KEY,
          PRINCIPAL,
          CLIENT,
          REVISION,
          LEVEL,
          BEGUN,
          THIRD,
          ENDED,
          OUTCOME);

  private static final SqlText STREAMS =
      SqlText.of(
          """
          -- console.session_streams: each with its latest reader; what readers before it did is not kept
          SELECT stream_id AS id, standalone AS flag, reader_instance AS instance_id, epoch AS count, opened_at AS begun_at, closed_at AS ended_at,
                 close_reason AS outcome, finished_at AS third_at
            FROM trunkline.stream_directory WHERE session_key = :session ORDER BY stream_id DESC LIMIT :rows
          """,
          ID,
          FLAG,
          INSTANCE,
          COUNT,
          BEGUN,
          ENDED,
          OUTCOME,
          THIRD);

  private static final SqlText MESSAGES =
      SqlText.of(
          """
          -- console.session_messages: how many its streams are kept, and how many of them its client is known to have
          SELECT t.stream_id AS id, m.count, m.number, m.oldest
            FROM (SELECT stream_id FROM trunkline.stream_directory WHERE session_key = :session ORDER BY stream_id DESC LIMIT :rows) t
           CROSS JOIN LATERAL (SELECT count(*) AS count, count(*) FILTER (WHERE delivered)::integer AS number,
                                      extract(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE NOT delivered))::bigint AS oldest
                                 FROM (SELECT delivered, created_at FROM trunkline.message_directory d WHERE d.stream_id = t.stream_id
                                        ORDER BY d.event_id DESC LIMIT :look) d) m
           WHERE m.count > 0
          """,
          ID,
          COUNT,
          NUMBER,
          OLDEST);

  private static final SqlText CALLS =
      SqlText.of(
          """
          -- console.session_calls: those that became streams
          SELECT call_id AS id, method AS what, instance_id, runs AS number, created_at AS begun_at, finished_at AS ended_at,
                 cancelled_at AS third_at
            FROM trunkline.call_directory WHERE session_key = :session ORDER BY call_id DESC LIMIT :rows
          """,
          ID,
          WHAT,
          INSTANCE,
          NUMBER,
          BEGUN,
          ENDED,
          THIRD);

  private static final SqlText QUESTIONS =
      SqlText.of(
          """
          -- console.session_questions: who asked, and who took the answer
          SELECT pending_id AS id, method AS what, instance_id, answered_by AS other_id, created_at AS begun_at, settled_at AS ended_at,
                 outcome, deadline AS third_at
            FROM trunkline.question_directory WHERE session_key = :session ORDER BY pending_id DESC LIMIT :rows
          """,
          ID,
          WHAT,
          INSTANCE,
          OTHER,
          BEGUN,
          ENDED,
          OUTCOME,
          THIRD);

  private static final SqlText TASKS =
      SqlText.of(
          """
          -- console.session_tasks: of its principal's tasks, those that it asked for; a sessions's key is in none of their rows
          SELECT task_key AS id, tool AS what, instance_id, run AS number, created_at AS begun_at, updated_at AS ended_at, status AS outcome
            FROM (SELECT * FROM trunkline.task_directory WHERE principal = :principal ORDER BY task_key DESC LIMIT :look) t
           WHERE session_key = :session LIMIT :rows
          """,
          ID,
          WHAT,
          INSTANCE,
          NUMBER,
          BEGUN,
          ENDED,
          OUTCOME);

  private static final SqlText RECORDS =
      SqlText.of(
          """
          -- console.session_records: what the audit keeps of its requests, by its principal and time
          SELECT method AS what, name AS client, instance_id, outcome, run AS number, at AS begun_at,
                 at + millis * interval '1 millisecond' AS ended_at
            FROM trunkline.audit
           WHERE principal = :principal AND at BETWEEN :since AND :until AND session_key = :session
           ORDER BY at DESC LIMIT :rows
          """,
          WHAT,
          CLIENT,
          INSTANCE,
          OUTCOME,
          NUMBER,
          BEGUN,
          ENDED);

  private static final SqlText ACTS =
      SqlText.of(
          """
          -- console.session_acts: what operators did about it
          SELECT method AS what, principal AS client, name AS outcome, at AS begun_at
            FROM trunkline.audit
           WHERE by = 'operator' AND at BETWEEN :since AND :until AND split_part(replace(name, ':', ' '), ' ', 1) = 'session'
             AND split_part(replace(name, ':', ' '), ' ', 2) = :session
           ORDER BY at DESC LIMIT :rows
          """,
          WHAT,
          CLIENT,
          OUTCOME,
          BEGUN);

  private static final SqlText INSTANCES =
      SqlText.of(
          """
          -- console.session_instances: how those are that had to do with it
          SELECT instance_id, state AS outcome, url AS what, beat_at AS ended_at, drain_wanted_at AS third_at
            FROM trunkline.instance_directory WHERE instance_id = ANY (:instances)
          """,
          INSTANCE,
          OUTCOME,
          WHAT,
          ENDED,
          THIRD);

  private StoryRows() {}

  /// Something with a beginning and, perhaps, an end.
  ///
  /// @param instance where; 0 where that is not kept
  /// @param other an instance that had to do with its end; 0 for none
  /// @param number of the run, or of readers
  /// @param third a time of its own meaning: finished, cancelled, asked to drain
  record Part(
      long id,
      String what,
      int instance,
      int other,
      long number,
      boolean flag,
      @Nullable Instant begun,
      @Nullable Instant ended,
      @Nullable Instant third,
      @Nullable String outcome) {}

  /// Messages of a stream.
  ///
  /// @param delivered of them, as far as is known
  /// @param oldestSeconds how long the oldest that is not delivered waits; 0 where there is none
  record Kept(long number, long delivered, long oldestSeconds) {
    boolean isMore() {
      return number > MESSAGES_MAX;
    }

    long unread() {
      return number - delivered;
    }
  }

  static Optional<Told> session(Sql sql, long key) {
    return sql.text(SESSION)
        .set("session", key)
        .optional(row ->
            new Told(
                key,
                row.get(PRINCIPAL),
                row.get(CLIENT),
                row.get(REVISION),
                row.get(LEVEL),
                row.get(BEGUN),
                row.get(THIRD),
                row.get(ENDED),
                row.get(OUTCOME)));
  }

  static List<Part> streams(Sql sql, long key) {
    return sql.text(STREAMS).set("session", key).set("rows", ROWS_MAX).fetch(row -> stream(row));
  }

  /// By stream.
  static Map<Long, Kept> messages(Sql sql, long key) {
    return sql
        .text(MESSAGES)
        .set("session", key)
        .set("rows", ROWS_MAX)
        .set("look", MESSAGES_MAX + 1)
        .rows()
        .stream()
        .collect(
            Collectors.toMap(
                StoryRows::id,
                row ->
                    new Kept(
                        row.get(COUNT),
                        number(row, NUMBER),
                        Objects.requireNonNullElse(row.get(OLDEST), 0L))));
  }

  static List<Part> calls(Sql sql, long key) {
    return sql.text(CALLS)
        .set("session", key)
        .set("rows", ROWS_MAX)
        .fetch(row -> part(row, row.get(WHAT), 0, run(row), row.get(THIRD), null));
  }

  static List<Part> questions(Sql sql, long key) {
    return sql.text(QUESTIONS)
        .set("session", key)
        .set("rows", ROWS_MAX)
        .fetch(row ->
            part(row, row.get(WHAT), number(row, OTHER), 0, row.get(THIRD), row.get(OUTCOME)));
  }

  static List<Part> tasks(Sql sql, Told session) {
    return sql.text(TASKS)
        .set("principal", session.principal())
        .set("look", 10 * ROWS_MAX)
        .set("session", session.key())
        .set("rows", ROWS_MAX)
        .fetch(row -> part(row, row.get(WHAT), 0, run(row), null, row.get(OUTCOME)));
  }

  /// @param until the end of the time that is looked at
  static List<Part> records(Sql sql, Told session, Instant until) {
    return sql.text(RECORDS)
        .set("principal", session.principal())
        .set("since", BEGUN, session.createdAt().minusSeconds(1))
        .set("until", BEGUN, until)
        .set("session", session.key())
        .set("rows", ROWS_MAX)
        .fetch(row ->
            new Part(
                0,
                row.get(CLIENT).isEmpty() ? row.get(WHAT) : row.get(WHAT) + " " + row.get(CLIENT),
                number(row, INSTANCE),
                0,
                run(row),
                false,
                row.get(BEGUN),
                row.get(ENDED),
                null,
                row.get(OUTCOME)));
  }

  /// Of each its name, by whom and about what.
  static List<Part> acts(Sql sql, Told session, Instant until) {
    return sql.text(ACTS)
        .set("since", BEGUN, session.createdAt().minusSeconds(1))
        .set("until", BEGUN, until)
        .set("session", String.valueOf(session.key()))
        .set("rows", ROWS_MAX)
        .fetch(row ->
            new Part(
                0,
                row.get(WHAT) + " by " + row.get(CLIENT),
                0,
                0,
                0,
                false,
                row.get(BEGUN),
                null,
                null,
                row.get(OUTCOME)));
  }

  static List<Part> instances(Sql sql, Collection<Integer> ids) {
    return sql.text(INSTANCES)
        .all("instances", INTEGER, ids)
        .fetch(row ->
            new Part(
                number(row, INSTANCE),
                row.get(WHAT),
                number(row, INSTANCE),
                0,
                0,
                false,
                null,
                row.get(ENDED),
                row.get(THIRD),
                row.get(OUTCOME)));
  }

  private static Part stream(Record row) {
    return new Part(
        id(row),
        Boolean.TRUE.equals(row.get(FLAG)) ? "GET stream" : "stream of a call",
        number(row, INSTANCE),
        0,
        Objects.requireNonNullElse(row.get(COUNT), 0L),
        Boolean.TRUE.equals(row.get(FLAG)),
        row.get(BEGUN),
        row.get(ENDED),
        row.get(THIRD),
        row.get(OUTCOME));
  }

  private static Part part(
      Record row,
      String what,
      int other,
      long number,
      @Nullable Instant third,
      @Nullable String outcome) {
    return new Part(
        id(row),
        what,
        number(row, INSTANCE),
        other,
        number,
        false,
        row.get(BEGUN),
        row.get(ENDED),
        third,
        outcome);
  }

  private static long id(Record row) {
    return Objects.requireNonNullElse(row.get(ID), 0L);
  }

  private static int run(Record row) {
    return number(row, NUMBER);
  }

  private static int number(Record row, Field<Integer> field) {
    return Objects.requireNonNullElse(row.get(field), 0);
  }
}
