package trunkline.status;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.status.DirectoryRows.number;
import static trunkline.store.SqlText.column;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jooq.Field;
import trunkline.status.Status.Backlog;
import trunkline.status.Status.Counters;
import trunkline.status.Status.Waiting;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// What only the role that serves may read.
final class StatusRows {
  /// Beyond, a backlog is a backlog.
  private static final int MESSAGES_MAX = 100_000;

  /// Beyond, a part of them stands for all whose client is away. With a million streams, ten
  /// thousand of them held, and ten messages each the answer came after 1.4 s for twice as many;
  /// for all of them it took longer than the two seconds of a part.
  private static final int STREAMS_MAX = 10_000;

  private static final Field<Long> NUMBER = column("number", BIGINT);
  private static final Field<Long> OLDEST = column("oldest", BIGINT);
  private static final Field<Integer> WRITER = column("writer", INTEGER);
  private static final Field<Long> CONNECTED = column("connected", BIGINT);
  private static final Field<Long> AWAY = column("away", BIGINT);
  private static final Field<Long> MESSAGES = column("messages", BIGINT);
  private static final Field<Long> ANNOUNCEMENTS = column("announcements", BIGINT);
  private static final Field<Long> TRANSACTIONS = column("transactions", BIGINT);
  private static final Field<Integer> SLOT = column("slot", INTEGER);

  private static final SqlText CALLS =
      SqlText.of(
          """
          -- status.calls: streamed ones that run, by the instance that writes their stream
          SELECT s.writer_instance AS writer, count(*) AS number,
                 extract(epoch FROM clock_timestamp() - min(c.created_at))::bigint AS oldest
            FROM trunkline.calls c LEFT JOIN trunkline.streams s ON s.stream_id = c.stream_id
           WHERE c.finished_at IS NULL GROUP BY s.writer_instance
          """,
          WRITER,
          NUMBER,
          OLDEST);

  private static final SqlText CALLS_OF_INSTANCES =
      SqlText.of(
          """
          -- status.calls_of_instances: how many each has, and none of their rows
          SELECT instance_id AS writer, calls_written AS number, 0::bigint AS oldest FROM trunkline.instance_directory
           WHERE state NOT IN ('left', 'dead')
          """,
          WRITER,
          NUMBER,
          OLDEST);

  private static final SqlText QUESTIONS =
      SqlText.of(
          """
          -- status.questions: what clients were asked and have not answered
          SELECT count(*) AS number, extract(epoch FROM clock_timestamp() - min(created_at))::bigint AS oldest
            FROM trunkline.pending_requests WHERE outcome IS NULL
          """,
          NUMBER,
          OLDEST);

  private static final SqlText OUTBOX =
      SqlText.of(
          """
          -- status.outbox: what SQL callers handed in and nobody has carried out
          SELECT count(*) AS number, extract(epoch FROM clock_timestamp() - min(created_at))::bigint AS oldest
            FROM trunkline.outbox
          """,
          NUMBER,
          OLDEST);

  /// Of a stream, what its reader has not.
  private static final String UNREAD =
      """
      CROSS JOIN LATERAL (SELECT FROM trunkline.outbound_messages m
                           WHERE m.stream_id = s.stream_id
                             AND m.event_id > greatest(s.position_own, s.trimmed_through)
                           LIMIT :most) m\
      """;

  private static final SqlText BACKLOG =
      SqlText.of(
          """
          -- status.backlog: messages after the place that a stream's reader is known to have reached; look-ups by index for each
          -- stream that is held, and of the others for those in a sample of pages, since all of a million would take half a minute
          WITH looked AS (
                 SELECT least(100, 100.0 * :streams / greatest(c.reltuples, 1)) AS part
                   FROM pg_class c WHERE c.oid = 'trunkline.streams'::regclass)
          SELECT (SELECT count(*)
                    FROM (SELECT FROM trunkline.streams s
                           %1$s
                           WHERE s.holder_instance IS NOT NULL
                           LIMIT :most) w) AS connected,
                 (SELECT (count(*) * 100 / (SELECT part FROM looked))::bigint
                    FROM (SELECT FROM trunkline.streams s TABLESAMPLE SYSTEM ((SELECT part FROM looked))
                           %1$s
                           WHERE s.holder_instance IS NULL
                           LIMIT :most) w) AS away
          """
              .formatted(UNREAD),
          CONNECTED,
          AWAY);

  private static final SqlText CURRENT_SLOT =
      SqlText.of(
          """
          -- status.slot: the one that is written
          SELECT current_slot::int AS slot FROM trunkline.issuing
          """,
          SLOT);

  private static final SqlText COUNTERS =
      SqlText.of(
          """
          -- status.counters: what only rises
          SELECT (SELECT last_value FROM trunkline.event_seq) AS messages,
                 (SELECT last_value FROM trunkline.announcement_seq) AS announcements,
                 (SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()) AS transactions
          """,
          MESSAGES,
          ANNOUNCEMENTS,
          TRANSACTIONS);

  private StatusRows() {}

  /// By instance; under 0 those that nobody writes.
  static Map<Integer, Waiting> calls(Sql sql) {
    return calls(sql, CALLS);
  }

  /// The same without ages, and without those that nobody writes.
  static Map<Integer, Waiting> callsOfInstances(Sql sql) {
    return calls(sql, CALLS_OF_INSTANCES);
  }

  private static Map<Integer, Waiting> calls(Sql sql, SqlText text) {
    var calls = new HashMap<Integer, Waiting>();
    for (var row : sql.text(text).rows()) {
      calls.put(
          Objects.requireNonNullElse(row.get(WRITER), 0),
          new Waiting(number(row, NUMBER), number(row, OLDEST)));
    }
    return calls;
  }

  static Waiting questions(Sql sql) {
    return waiting(sql, QUESTIONS);
  }

  static Waiting outbox(Sql sql) {
    return waiting(sql, OUTBOX);
  }

  private static Waiting waiting(Sql sql, SqlText text) {
    return sql.text(text).single(row -> new Waiting(number(row, NUMBER), number(row, OLDEST)));
  }

  static Backlog backlog(Sql sql) {
    return sql.text(BACKLOG)
        .set("most", MESSAGES_MAX)
        .set("streams", STREAMS_MAX)
        .single(row -> new Backlog(number(row, CONNECTED), number(row, AWAY)));
  }

  static int currentSlot(Sql sql) {
    return sql.text(CURRENT_SLOT).single(row -> Objects.requireNonNullElse(row.get(SLOT), 0));
  }

  static Counters counters(Sql sql) {
    return sql.text(COUNTERS)
        .single(row ->
            new Counters(
                number(row, MESSAGES), number(row, ANNOUNCEMENTS), number(row, TRANSACTIONS)));
  }
}
