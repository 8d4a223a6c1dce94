package trunkline.console;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.DECIMAL;
import static org.jooq.impl.SQLDataType.INSTANT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jooq.Field;
import trunkline.status.ShownState;
import trunkline.store.SqlText;

/// The views that are shown row by row, the newest first. Each has one statement, which begins
/// below a key, and its columns.
final class Lists {
  static final int ROWS_MAX = 50;

  /// So many are looked at for those of one instance, which no index leads to.
  static final int LOOKED_AT_MAX = 20_000;

  private static final Pattern OF_INSTANCE = Pattern.compile(":instance\\b");

  /// A list.
  ///
  /// @param word in its address
  /// @param key the column by which it goes on; empty where it is all on one page
  /// @param acts what can be done here without a row
  /// @param deeds what can be done about a row
  /// @param ofInstance whether those of one instance can be asked for
  record Spec(
      String word,
      String title,
      String says,
      SqlText text,
      Optional<Field<Long>> key,
      List<Column> columns,
      List<String> acts,
      List<Deed> deeds,
      boolean ofInstance) {}

  /// @param link what the value is put behind to lead somewhere; empty for none
  record Column(String head, Field<?> field, String link) {}

  /// @param act by its word
  /// @param about the value of the act that a column of the row has
  record Deed(String act, String title, String about, Field<?> field, Field<Boolean> possible) {}

  private static final Field<Boolean> OPEN = column("open", BOOLEAN);
  private static final Field<Long> CALL = column("call_id", BIGINT);
  private static final Field<Long> QUESTION = column("pending_id", BIGINT);
  private static final Field<Long> TASK = column("task_key", BIGINT);
  private static final Field<Long> STREAM = column("stream_id", BIGINT);
  private static final Field<Long> KEY = column("key_id", BIGINT);
  private static final Field<Integer> INSTANCE = column("instance_id", INTEGER);

  static final List<Spec> ALL =
      List.of(
          instances(),
          streams(),
          calls(),
          questions(),
          tasks(),
          switches(),
          keys(),
          announcements(),
          audit());

  private Lists() {}

  static Optional<Spec> find(String word) {
    return ALL.stream().filter(list -> list.word().equals(word)).findFirst();
  }

  private static Spec instances() {
    return list(
        "instances",
        "Instances",
        "Each start of a server, for 30 days after its end.",
        """
        -- console.instances: the newest first
        SELECT instance_id, instance_id::bigint AS instance_key,
               %s, url, version, streams_held, calls_written,
               wake_mode, started_at, beat_at, drain_wanted_at, drained_at,
               state NOT IN ('left', 'dead') AND drain_wanted_at IS NULL AS open, state NOT IN ('left', 'dead') AND drain_wanted_at IS NOT NULL AS drains
          FROM trunkline.instance_directory WHERE instance_id < :before ORDER BY instance_id DESC LIMIT :rows
        """
            .formatted(ShownState.SQL),
        Optional.of(column("instance_key", BIGINT)),
        List.of(
            instance("Instance", INSTANCE),
            plain("State", text("state")),
            plain("Streams", number("streams_held")),
            plain("Calls", number("calls_written")),
            plain("Wake-ups", text("wake_mode")),
            plain("Started", time("started_at")),
            plain("Last beat", time("beat_at")),
            plain("Drain wanted", time("drain_wanted_at")),
            plain("Drained", time("drained_at")),
            plain("Version", text("version")),
            plain("Address", text("url"))),
        List.of(),
        List.of(
            new Deed("drain", "Drain", "instance", INSTANCE, OPEN),
            new Deed("undrain", "Undrain", "instance", INSTANCE, column("drains", BOOLEAN))));
  }

  private static Spec streams() {
    return list(
        "streams",
        "Streams",
        "Ordered messages with one reader at most; of its readers the latest is kept.",
        """
        -- console.streams: the newest first
        SELECT stream_id, session_key, CASE WHEN standalone THEN 'GET' ELSE 'call' END AS kind, instance_id, reader_instance, epoch,
               opened_at, closed_at, close_reason, finished_at
          FROM (SELECT * FROM trunkline.stream_directory WHERE stream_id < :before ORDER BY stream_id DESC LIMIT :look) d
         WHERE :instance = 0 OR instance_id = :instance ORDER BY stream_id DESC LIMIT :rows
        """,
        Optional.of(STREAM),
        List.of(
            plain("Stream", STREAM),
            session(),
            plain("Kind", text("kind")),
            instance("Held by", INSTANCE),
            instance("Latest reader on", whole("reader_instance")),
            plain("Readers", number("epoch")),
            plain("Opened", time("opened_at")),
            plain("Closed", time("closed_at")),
            plain("Why", text("close_reason")),
            plain("Finished", time("finished_at"))),
        List.of(),
        List.of());
  }

  private static Spec calls() {
    return list(
        "calls",
        "Calls",
        "Requests that became streams; those that were answered at once are in no table.",
        """
        -- console.calls: the newest first
        SELECT call_id, session_key, method, principal, instance_id, runs, created_at, cancelled_at, finished_at,
               finished_at IS NULL AS open
          FROM (SELECT * FROM trunkline.call_directory WHERE call_id < :before ORDER BY call_id DESC LIMIT :look) d
         WHERE :instance = 0 OR instance_id = :instance ORDER BY call_id DESC LIMIT :rows
        """,
        Optional.of(CALL),
        List.of(
            plain("Call", CALL),
            session(),
            plain("Method", text("method")),
            plain("Principal", text("principal")),
            instance("Instance", INSTANCE),
            plain("Runs", whole("runs")),
            plain("Begun", time("created_at")),
            plain("Cancel asked", time("cancelled_at")),
            plain("Finished", time("finished_at"))),
        List.of(),
        List.of(new Deed("cancel-call", "Cancel", "call", CALL, OPEN)));
  }

  private static Spec questions() {
    return list(
        "questions",
        "Questions",
        "What the server asked clients; kept for ten minutes after their deadline.",
        """
        -- console.questions: by the instance that asked, the newest first
        SELECT pending_id, session_key, method, instance_id, answered_by, created_at, deadline, outcome, settled_at,
               outcome IS NULL AND task_input IS NULL AS open
          FROM (SELECT * FROM trunkline.question_directory WHERE pending_id < :before ORDER BY pending_id DESC LIMIT :look) d
         WHERE :instance = 0 OR instance_id = :instance ORDER BY pending_id DESC LIMIT :rows
        """,
        Optional.of(QUESTION),
        List.of(
            plain("Question", QUESTION),
            session(),
            plain("Method", text("method")),
            instance("Asked on", INSTANCE),
            instance("Answered on", whole("answered_by")),
            plain("Asked", time("created_at")),
            plain("Deadline", time("deadline")),
            plain("Outcome", text("outcome")),
            plain("Settled", time("settled_at"))),
        List.of(),
        List.of(new Deed("void-question", "Take back", "question", QUESTION, OPEN)));
  }

  private static Spec tasks() {
    return list(
        "tasks",
        "Tasks",
        "Calls that are kept, until their time to live is over.",
        """
        -- console.tasks: the newest first
        SELECT task_key, session_key, tool, principal, status, instance_id, run, open_inputs, created_at, updated_at, expires_at,
               status IN ('working', 'input_required') AS open
          FROM trunkline.task_directory WHERE task_key < :before ORDER BY task_key DESC LIMIT :rows
        """,
        Optional.of(TASK),
        List.of(
            plain("Task", TASK),
            session(),
            plain("Tool", text("tool")),
            plain("Principal", text("principal")),
            plain("Status", text("status")),
            instance("Instance", INSTANCE),
            plain("Run", whole("run")),
            plain("Questions", number("open_inputs")),
            plain("Begun", time("created_at")),
            plain("Changed", time("updated_at")),
            plain("Kept until", time("expires_at"))),
        List.of(),
        List.of(new Deed("cancel-task", "Cancel", "task", TASK, OPEN)));
  }

  private static Spec switches() {
    return list(
        "switches",
        "Switches",
        "Tools, prompts and resources that were switched off, or on again; what was never switched is on.",
        """
        -- console.switches: few, by name
        SELECT kind, name, principal, CASE WHEN enabled THEN 'on' ELSE 'off' END AS enabled
          FROM trunkline.switch_directory WHERE :before > 0 ORDER BY kind, name, principal NULLS FIRST LIMIT 10 * :rows
        """,
        Optional.empty(),
        List.of(
            plain("Kind", text("kind")),
            plain("Name", text("name")),
            plain("For", text("principal")),
            plain("Is", text("enabled"))),
        List.of("switch"),
        List.of());
  }

  private static Spec keys() {
    return list(
        "keys",
        "API keys",
        "Whom they let in, and what for; never the key itself.",
        """
        -- console.keys: the newest first
        SELECT key_id, principal, array_to_string(scopes, ' ') AS scopes, state, created_at, expires_at, revoked_at, last_used_at,
               state = 'living' AS open
          FROM trunkline.key_directory WHERE key_id < :before ORDER BY key_id DESC LIMIT :rows
        """,
        Optional.of(KEY),
        List.of(
            plain("Key", KEY),
            plain("Principal", text("principal")),
            plain("Scopes", text("scopes")),
            plain("State", text("state")),
            plain("Issued", time("created_at")),
            plain("Expires", time("expires_at")),
            plain("Revoked", time("revoked_at")),
            plain("Last use", time("last_used_at"))),
        List.of("issue-key", "rotate-seal-key", "purge"),
        List.of(new Deed("revoke-key", "Revoke", "key", KEY, OPEN)));
  }

  private static Spec announcements() {
    return list(
        "announcements",
        "Announcements",
        "What every instance must hear, in one order; kept for an hour.",
        """
        -- console.announcements: the newest first
        SELECT id, kind, bytes::bigint AS bytes, created_at
          FROM trunkline.announcement_directory WHERE id < :before ORDER BY id DESC LIMIT :rows
        """,
        Optional.of(number("id")),
        List.of(
            plain("Announcement", number("id")),
            plain("Kind", text("kind")),
            plain("Bytes", number("bytes")),
            plain("At", time("created_at"))),
        List.of("broadcast"),
        List.of());
  }

  /// Its key is the time, in microseconds: nothing else orders what clients and operators did.
  private static Spec audit() {
    return list(
        "audit",
        "Audit",
        "What operators did and, where --audit is on, what clients did, of the last day.",
        """
        -- console.audit: the latest first; of one day, whose blocks an index knows
        SELECT (extract(epoch FROM at) * 1000000)::bigint AS micros, at, by, principal, client, method, name, outcome, code, millis::numeric AS millis,
               run, instance_id, session_key
          FROM trunkline.audit
         WHERE at > (SELECT clock_timestamp() - interval '1 day')
           AND at < CASE WHEN :before > 99999999999999999 THEN 'infinity' ELSE to_timestamp(:before / 1000000.0) END
         ORDER BY at DESC LIMIT :rows
        """,
        Optional.of(number("micros")),
        List.of(
            plain("At", time("at")),
            plain("By", text("by")),
            plain("Who", text("principal")),
            plain("With", text("client")),
            plain("What", text("method")),
            plain("Of", text("name")),
            plain("Outcome", text("outcome")),
            plain("Code", whole("code")),
            plain("Milliseconds", column("millis", DECIMAL)),
            plain("Run", whole("run")),
            instance("Instance", INSTANCE),
            session()),
        List.of(),
        List.of());
  }

  /// The statement has the columns that are shown, its key, and what the deeds go by.
  private static Spec list(
      String word,
      String title,
      String says,
      String statement,
      Optional<Field<Long>> key,
      List<Column> columns,
      List<String> acts,
      List<Deed> deeds) {
    var fields = new LinkedHashSet<Field<?>>();
    columns.forEach(column -> fields.add(column.field()));
    key.ifPresent(fields::add);
    for (var deed : deeds) {
      fields.add(deed.field());
      fields.add(deed.possible());
    }
    var text = SqlText.of(statement, fields.toArray(Field<?>[]::new));
    var ofInstance = OF_INSTANCE.matcher(statement).find();
    return new Spec(word, title, says, text, key, columns, acts, deeds, ofInstance);
  }

  private static Column session() {
    return new Column("Session", number("session_key"), "sessions/");
  }

  private static Column instance(String head, Field<Integer> field) {
    return new Column(head, field, "instances/");
  }

  private static Column plain(String head, Field<?> field) {
    return new Column(head, field, "");
  }

  private static Field<String> text(String name) {
    return column(name, CLOB);
  }

  private static Field<Long> number(String name) {
    return column(name, BIGINT);
  }

  private static Field<Integer> whole(String name) {
    return column(name, INTEGER);
  }

  private static Field<Instant> time(String name) {
    return column(name, INSTANT);
  }
}
