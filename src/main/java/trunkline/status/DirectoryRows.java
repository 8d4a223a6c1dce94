package trunkline.status;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import trunkline.status.Status.Living;
import trunkline.status.Status.Streams;
import trunkline.status.Status.Waiting;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// What the views and the catalogues tell every role that may read.
final class DirectoryRows {
  private static final Field<Integer> INSTANCE = column("instance_id", INTEGER);
  private static final Field<String> STATE = column("state", CLOB);
  private static final Field<String> URL = column("url", CLOB);
  private static final Field<String> VERSION = column("version", CLOB);
  private static final Field<String> WAKE_MODE = column("wake_mode", CLOB);
  private static final Field<Long> BEAT = column("beat", BIGINT);
  private static final Field<Long> STARTED = column("started", BIGINT);
  private static final Field<Long> STREAMS = column("streams_held", BIGINT);
  private static final Field<Long> NUMBER = column("number", BIGINT);
  private static final Field<Long> UNFINISHED = column("unfinished", BIGINT);
  private static final Field<Long> OLDEST = column("oldest", BIGINT);
  private static final Field<String> STATUS = column("status", CLOB);
  private static final Field<Long> MILLIS = column("millis", BIGINT);
  private static final Field<Integer> SLOT = column("slot", INTEGER);
  private static final Field<Long> BYTES = column("bytes", BIGINT);

  private static final SqlText BOUND =
      SqlText.of(
          """
          -- status.bound: no look takes longer, or more than one core from those who serve, or compiles what it runs once, or goes by a plan
          -- of before; none writes
          SELECT set_config('statement_timeout', :millis::text, false), set_config('max_parallel_workers_per_gather', '0', false),
                 set_config('jit', 'off', false), set_config('plan_cache_mode', 'force_custom_plan', false),
                 set_config('default_transaction_read_only', 'on', false)
          """);

  private static final SqlText NOW =
      SqlText.of(
          """
          -- status.now: by the clock that decides
          SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS millis
          """,
          MILLIS);

  private static final SqlText LIVING =
      SqlText.of(
          """
          -- status.instances: all but those that left or are dead
          SELECT instance_id, %s, url, version, wake_mode, streams_held,
                 extract(epoch FROM clock_timestamp() - beat_at)::bigint AS beat,
                 extract(epoch FROM clock_timestamp() - started_at)::bigint AS started
            FROM trunkline.instance_directory WHERE state NOT IN ('left', 'dead') ORDER BY instance_id
          """
              .formatted(ShownState.SQL),
          INSTANCE,
          STATE,
          URL,
          VERSION,
          WAKE_MODE,
          STREAMS,
          BEAT,
          STARTED);

  private static final SqlText SESSIONS =
      SqlText.of(
          """
          -- status.sessions: those that live
          SELECT count(*) AS number FROM trunkline.session_directory WHERE ended_at IS NULL
          """,
          NUMBER);

  private static final SqlText COUNTED =
      SqlText.of(
          """
          -- status.counted: how many sessions live, as an instance has counted them lately
          SELECT living AS number FROM trunkline.session_count
          """,
          NUMBER);

  private static final SqlText STREAMS_READ =
      SqlText.of(
          """
          -- status.streams: those with a client, as instances say with each beat, and those of calls that are not answered
          SELECT sum(streams_held)::bigint AS number, sum(calls_written)::bigint AS unfinished
            FROM trunkline.instance_directory
          """,
          NUMBER,
          UNFINISHED);

  private static final SqlText TASKS =
      SqlText.of(
          """
          -- status.tasks: by their status
          SELECT status, count(*) AS number, extract(epoch FROM clock_timestamp() - min(created_at))::bigint AS oldest
            FROM trunkline.task_directory GROUP BY status ORDER BY status
          """,
          STATUS,
          NUMBER,
          OLDEST);

  private static final SqlText UNFINISHED_TASKS =
      SqlText.of(
          """
          -- status.unfinished_tasks: how many, by an index
          SELECT 'working' AS status, count(*) AS number, 0::bigint AS oldest
            FROM trunkline.task_directory WHERE status IN ('working', 'input_required')
          """,
          STATUS,
          NUMBER,
          OLDEST);

  private static final SqlText SPACE =
      SqlText.of(
          """
          -- status.space: bytes by slot; of what is in none, under no number
          SELECT substring(c.relname FROM '^(?:outbound_messages|publish_batches)_([0-7])$')::int AS slot,
                 sum(pg_total_relation_size(c.oid))::bigint AS bytes
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = 'trunkline' AND c.relkind IN ('r', 'S') GROUP BY slot ORDER BY slot
          """,
          SLOT,
          BYTES);

  private DirectoryRows() {}

  static void bound(Sql sql, int millis) {
    var _ = sql.text(BOUND).set("millis", millis).rows();
  }

  static Instant now(Sql sql) {
    return sql.text(NOW).single(row -> Instant.ofEpochMilli(number(row, MILLIS)));
  }

  static List<Living> living(Sql sql) {
    return sql.text(LIVING)
        .fetch(row ->
            new Living(
                Objects.requireNonNullElse(row.get(INSTANCE), 0),
                row.get(STATE),
                row.get(URL),
                row.get(VERSION),
                row.get(WAKE_MODE),
                number(row, BEAT),
                number(row, STARTED),
                number(row, STREAMS),
                Optional.empty()));
  }

  static long sessions(Sql sql) {
    return sql.text(SESSIONS).single(row -> number(row, NUMBER));
  }

  static long counted(Sql sql) {
    return sql.text(COUNTED).single(row -> number(row, NUMBER));
  }

  static Streams streams(Sql sql) {
    return sql.text(STREAMS_READ)
        .single(row -> new Streams(number(row, NUMBER), number(row, UNFINISHED)));
  }

  /// By status; of each the number and the age of the oldest.
  static Map<String, Waiting> tasks(Sql sql) {
    return tasks(sql, TASKS);
  }

  /// Those that are not finished, all under one, without their age.
  static Map<String, Waiting> unfinishedTasks(Sql sql) {
    return tasks(sql, UNFINISHED_TASKS);
  }

  private static Map<String, Waiting> tasks(Sql sql, SqlText text) {
    var tasks = new LinkedHashMap<String, Waiting>();
    for (var row : sql.text(text).rows()) {
      tasks.put(row.get(STATUS), new Waiting(number(row, NUMBER), number(row, OLDEST)));
    }
    return tasks;
  }

  /// Bytes of each slot, and at the end those of everything else.
  static List<Long> space(Sql sql) {
    var bytes = new ArrayList<Long>();
    for (var row : sql.text(SPACE).rows()) {
      bytes.add(number(row, BYTES));
    }
    return bytes;
  }

  static long number(Record row, Field<Long> field) {
    return Objects.requireNonNullElse(row.get(field), 0L);
  }
}
