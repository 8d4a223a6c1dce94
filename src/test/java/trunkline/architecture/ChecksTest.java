package trunkline.architecture;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import trunkline.jsonrpc.LogLevel;
import trunkline.signal.WakeMode;
import trunkline.task.TaskStatus;
import trunkline.testing.TestDatabase;

/// Goal: what the code takes for granted about a row is a CHECK of its table. Method: of every
/// assumption a row that breaks it, which the named constraint refuses; and no constraint without
/// one.
class ChecksTest {
  /// One row of each table, in which nothing is wrong.
  private static final List<String> GOOD =
      List.of(
          "insert into trunkline.instances (lease_until, url, version) values (clock_timestamp(), 'http://a', '1')",
          """
          insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client)
          values (repeat('a', 32), '2025-11-25', 'ada', 0, '{}', '{}')
          """,
          "insert into trunkline.streams (session_key, standalone) values (1, true)",
          "insert into trunkline.stream_moves (stream_id, holder_epoch, to_instance) values (1, 1, 1)",
          """
          insert into trunkline.calls (stream_id, session_key, request_id, method, request, principal, rerunnable)
          values (1, 1, '1', 'tools/call', '{}', 'ada', false)
          """,
          "insert into trunkline.outbound_messages (stream_id, event_id, slot, payload) values (1, 1, 0, '{}')",
          "insert into trunkline.publish_batches (writer, batch_no, slot, event_ids, rejected) values (256, 0, 0, '{}', '{}')",
          """
          insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline)
          values (1, 1, 1, 1, 1, 'roots/list', '', clock_timestamp())
          """,
          """
          insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis, expires_at)
          values (repeat('b', 32), 'ada', repeat('a', 32), 1, 'bake', '{}', false, 1, 1000, clock_timestamp())
          """,
          """
          insert into trunkline.task_inputs (task_key, ordinal, run, method, params, digest, deadline)
          values (1, 1, 1, 'roots/list', '{}', '', clock_timestamp())
          """,
          """
          insert into trunkline.url_elicitations (elicitation_id, session_key, principal, expires_at)
          values (repeat('c', 32), 1, 'ada', clock_timestamp())
          """,
          "insert into trunkline.session_values (session_key, name, value) values (1, 'a', 'b')",
          "insert into trunkline.subscriptions (uri, session_key) values ('file:///a', 1)",
          "insert into trunkline.catalog_switches (kind, name, enabled) values ('tool', 'bake', true)",
          "insert into trunkline.principal_switches (principal, kind, name, enabled) values ('ada', 'tool', 'bake', true)",
          "insert into trunkline.seal_keys (key, usable_at) values (sha256(''), now())",
          "insert into trunkline.rate_limits (scope, principal, amount, seconds, burst) values ('principal', 'ada', 1, 1, 1)",
          "insert into trunkline.rate_buckets values (substr(sha256(''), 1, 16), 1, now(), now())",
          "insert into trunkline.api_keys (sha256, principal) values (sha256(''), 'ada')",
          "insert into trunkline.announcements (id, kind, payload) values (1, 'broadcast', '{}')",
          "insert into trunkline.outbox (kind, payload) values ('broadcast', '{}')",
          "insert into trunkline.audit_writers (writer, instance_id) values (1, 1)",
          """
          insert into trunkline.audit_records (slot, writer, number, begun_at, micros, instance_id, principal, credential, client, method, name,
                                               outcome, run, times, revision)
          values (0, 1, 1, clock_timestamp(), 1, 1, 'ada', '', '', 'tools/call', 'bake', 'ok', 1, 1, '2026-07-28')
          """,
          "insert into trunkline.instance_minutes values ('2020-02-02 02:02Z', 1, 1, 1, 0, 1, 0, 0, '{1,0,0,0,0,0,0,0,0,0,0,0}')",
          "insert into trunkline.operator_actions (action, about) values ('sweep', '')");

  /// What is assumed: a table, its constraint, and columns that break it, each by itself.
  private record Assumption(String table, String constraint, List<String> broken) {}

  private static Assumption of(String table, String constraint, String... broken) {
    return new Assumption(table, table + "_" + constraint, List.of(broken));
  }

  private static String[] infinite(String... columns) {
    return Arrays.stream(columns)
        .flatMap(column -> Stream.of(column + " = 'infinity'", column + " = '-infinity'"))
        .toArray(String[]::new);
  }

  private static final List<Assumption> ASSUMPTIONS =
      List.of(
          of("announcement_lock", "one_ck", "one = false"),
          of("control", "one_ck", "one = false"),
          of("control", "slot_ck", "current_slot = -1", "current_slot = 8"),
          of(
              "control",
              "numbers_ck",
              "id_base = -1",
              "id_base = 65536",
              "id_high = -1",
              "announcement_floor = -1",
              "restores = -1",
              "epoch_floor = -1"),
          of("control", "timeline_ck", "timeline = -1", "timeline = 32768"),
          of("control", "times_ck", infinite("slot_opened_at", "restored_at")),
          of("instances", "numbers_ck", "heard_through = -1"),
          of(
              "instances",
              "times_ck",
              infinite(
                  "lease_until", "beat_at", "started_at", "dead_at", "left_at", "draining_at")),
          of("instances", "drain_ck", infinite("drain_wanted_at", "drained_at", "leaving_at")),
          of("instances", "wake_mode_ck", "wake_mode = 'telepathy'"),
          of("instances", "texts_ck", "url = ''", "url = e'a\\nb'", "version = ''"),
          of("instances", "history_age_ck", "history_age_max = '0'", "history_age_max = '2 years'"),
          of("pending_requests", "answered_by_ck", "answered_by = 0"),
          of("streams", "reader_ck", "reader_instance = 0"),
          of("instances", "held_ck", "streams_held = -1"),
          of("sessions", "id_ck", "session_id = 'x'"),
          of(
              "sessions",
              "numbers_ck",
              "announced_from = -1",
              "roots_version = -1",
              "roots_asked = -1"),
          of("sessions", "times_ck", infinite("created_at", "last_used_at", "ended_at")),
          of("sessions", "end_reason_ck", "end_reason = 'boredom'"),
          of("sessions", "log_level_ck", "log_level = 'loud'"),
          of("sessions", "toolset_ck", "toolset = ''", "toolset = 'a/b'"),
          of(
              "sessions",
              "texts_ck",
              "revision = 'latest'",
              "principal = ''",
              "capabilities = '[]'",
              "client = ''",
              "roots = '{}'"),
          of(
              "streams",
              "numbers_ck",
              "writer_epoch = -1",
              "writer_epoch = 2147483647",
              "holder_epoch = -1",
              "position_own = -1",
              "holder_epoch = 9223372036854775807",
              "trimmed_through = -1",
              "position_epoch = -1",
              "position_announcement = -1",
              "session_key = 0"),
          of(
              "streams",
              "times_ck",
              infinite("created_at", "opened_at", "closed_at", "finished_at")),
          of(
              "stream_moves",
              "ck",
              "stream_id = 0",
              "holder_epoch = 0",
              "to_instance = 0",
              "wanted_at = 'infinity'",
              "wanted_at = '-infinity'"),
          of("streams", "close_reason_ck", "close_reason = 'boredom'"),
          of(
              "calls",
              "numbers_ck",
              "runs = -1",
              "runs = 2147483647",
              "stream_id = 0",
              "session_key = 0"),
          of(
              "calls",
              "steps_ck",
              "step_names = '{a}'",
              "step_outcomes = '{1}'",
              "step_names = array_fill('a'::text, '{65}'), step_outcomes = array_fill('1'::text, '{65}')"),
          of("calls", "times_ck", infinite("created_at", "cancelled_at", "finished_at")),
          of(
              "calls",
              "request_id_ck",
              "request_id = 'x'",
              "request_id = '1.5'",
              "request_id = ''",
              "request_id = e'\"a\\nb\"'"),
          of(
              "calls",
              "texts_ck",
              "method = ''",
              "principal = ''",
              "cancel_reason = repeat('x', 65537)"),
          of("outbound_messages", "numbers_ck", "event_id = 0", "stream_id = 0"),
          of("outbound_messages", "times_ck", infinite("created_at")),
          of("outbound_messages", "one_line_ck", "payload = e'\\\\x0a'", "payload = e'\\\\x0d'"),
          of("outbound_messages", "size_ck", "payload = ''"),
          of("publish_batches", "numbers_ck", "writer = 0", "batch_no = -1"),
          of(
              "pending_requests",
              "numbers_ck",
              "pending_id = 0",
              "asker = 0",
              "ordinal = -1",
              "task_input = 0"),
          of("pending_requests", "times_ck", infinite("deadline", "created_at", "settled_at")),
          of("pending_requests", "outcome_ck", "outcome = 'shrugged'"),
          of(
              "pending_requests",
              "progress_ck",
              "progress = 'NaN'",
              "progress = 'Infinity'",
              "progress_total = '-Infinity'"),
          of("pending_requests", "texts_ck", "method = ''"),
          of("pending_requests", "trace_ck", "trace = '00-x'"),
          of(
              "pending_requests",
              "answer_ck",
              "outcome = 'answered'",
              "outcome = 'expired', answer = '{}'"),
          of("tasks", "steps_ck", "step_names = '{a}'", "step_outcomes = '{1}'"),
          of("tasks", "begun_ck", "begun = -1"),
          of("tasks", "id_ck", "task_id = 'x'"),
          of("tasks", "status_ck", "status = 'asleep'"),
          of(
              "tasks",
              "numbers_ck",
              "run = -1",
              "run = 2147483647",
              "begun = 2147483647",
              "changes = 2147483647",
              "executor = 0",
              "ttl_millis = 0"),
          of("tasks", "times_ck", infinite("created_at", "updated_at", "expires_at")),
          of("tasks", "session_id_ck", "session_id = 'x'"),
          of("tasks", "texts_ck", "principal = ''", "tool = ''"),
          of("tasks", "request_ck", "request = ''", "request = '[]'"),
          of("tasks", "outcome_ck", "outcome = ''"),
          of(
              "tasks",
              "origin_ck",
              "session_id = null",
              "revision = '2026-07-28'",
              "capabilities = '{}'"),
          of("tasks", "alone_ck", "recollection = '[]'"),
          of("task_inputs", "numbers_ck", "ordinal = 0", "run = -1", "input_id = 0"),
          of("task_inputs", "times_ck", infinite("deadline", "created_at", "settled_at")),
          of("task_inputs", "outcome_ck", "outcome = 'cancelled'"),
          of("task_inputs", "texts_ck", "method = ''"),
          of("task_inputs", "name_ck", "name = ''"),
          of(
              "task_inputs",
              "answer_ck",
              "outcome = 'answered'",
              "outcome = 'expired', answer = '{}'"),
          of("url_elicitations", "id_ck", "elicitation_id = 'x'"),
          of("url_elicitations", "principal_ck", "principal = ''"),
          of("url_elicitations", "times_ck", infinite("created_at", "expires_at", "completed_at")),
          of("session_values", "ck", "name = ''", "value = repeat('x', 65537)"),
          of("subscriptions", "ck", "uri = ''"),
          of("catalog_switches", "kind_ck", "kind = 'cupboard'"),
          of("catalog_switches", "name_ck", "name = ''"),
          of("principal_switches", "kind_ck", "kind = 'cupboard'"),
          of(
              "principal_switches",
              "texts_ck",
              "principal = ''",
              "name = ''",
              "principal = repeat('x', 2049)",
              "name = repeat('x', 2049)",
              "principal = repeat('x', 1300), name = repeat('x', 1300)"),
          of("seal_keys", "key_ck", "key = ''", "key = convert_to(repeat('x', 33), 'UTF8')"),
          of("seal_keys", "times_ck", infinite("created_at", "usable_at")),
          of("rate_limits", "scope_ck", "scope = 'tool'", "tool = 'bake'", "scope = 'all'"),
          of("rate_limits", "texts_ck", "principal = repeat('x', 1001)"),
          of(
              "rate_limits",
              "rate_ck",
              "amount = null",
              "amount = -1",
              "seconds = 2",
              "burst = 0",
              "burst = null"),
          of("rate_limits", "time_ck", infinite("set_at")),
          of("rate_buckets", "key_ck", "bucket_key = ''"),
          of("rate_buckets", "tokens_ck", "tokens = 'NaN'", "tokens = 'infinity'"),
          of("rate_buckets", "times_ck", infinite("refilled_at", "forget_at")),
          of("api_keys", "sha256_ck", "sha256 = ''"),
          of("api_keys", "principal_ck", "principal = ''", "principal = 'anonymous'"),
          of(
              "api_keys",
              "scopes_ck",
              "scopes = array_fill('a'::text, array[101])",
              "scopes = array[null]",
              "scopes = array[repeat('x', 20001)]"),
          of(
              "api_keys",
              "times_ck",
              infinite("created_at", "expires_at", "revoked_at", "last_used_at")),
          of("announcements", "id_ck", "id = 0", "id = 9223372036854775807"),
          of("announcements", "kind_ck", "kind = ''", "kind = 'Shout!'"),
          of("announcements", "about_ck", "about = repeat('x', 2049)"),
          of("announcements", "size_ck", "payload = convert_to(repeat('x', 262145), 'UTF8')"),
          of("announcements", "one_line_ck", "payload = e'\\\\x0a'", "payload = e'\\\\x0d'"),
          of("outbox", "kind_ck", "kind = ''", "kind = 'Shout!'"),
          of("outbox", "about_ck", "about = repeat('x', 2049)"),
          of("outbox", "size_ck", "payload = repeat('x', 262145)"),
          of("outbox", "one_line_ck", "payload = e'{\\n}'"),
          of(
              "audit_records",
              "numbers_ck",
              "writer = 0",
              "number = 0",
              "micros = -1",
              "instance_id = 0",
              "run = 0",
              "times = 0",
              "session_key = 0",
              "task_key = 0"),
          of("audit_records", "time_ck", infinite("begun_at")),
          of("audit_records", "arguments_ck", "arguments = ''"),
          of("audit_records", "outcome_ck", "outcome = ''", "outcome = 'Well!'"),
          of("audit_records", "trace_ck", "trace = 'x'"),
          of(
              "audit_records",
              "texts_ck",
              "principal = ''",
              "credential = repeat('x', 201)",
              "client = repeat('x', 201)",
              "method = ''",
              "name = repeat('x', 501)",
              "revision = repeat('x', 21)",
              "peer = repeat('x', 61)"),
          of("audit_slots", "slot_ck", "slot = 8 where slot = 1"),
          of(
              "audit_slots",
              "times_ck",
              "closed_at = now() where opened_at is null",
              "opened_at = 'infinity'"),
          of("audit_slots", "kept_ck", "kept_for = interval '-1 day'"),
          of("audit_writers", "numbers_ck", "writer = 0", "written_through = -1", "lost = -1"),
          of("audit_writers", "times_ck", infinite("begun_at", "written_at")),
          of("audit_key", "one_ck", "one = false"),
          of("audit_key", "key_ck", "key = ''"),
          of("baton", "one_ck", "one = false"),
          of("baton", "numbers_ck", "instance_id = 0"),
          of("baton", "times_ck", infinite("taken_at", "held_until")),
          of("session_tally", "one_ck", "one = false"),
          of("session_tally", "numbers_ck", "living = -1"),
          of("session_tally", "times_ck", infinite("counted_at")),
          of(
              "instance_minutes",
              "minute_ck",
              "minute = '2020-02-02 02:02:01Z'",
              "minute = 'infinity'"),
          of(
              "instance_minutes",
              "numbers_ck",
              "instance_id = 0",
              "turn = 0",
              "requests = -1",
              "failed = -1",
              "failed = 2",
              "micros = -1",
              "published = -1",
              "delivered = -1"),
          of(
              "instance_minutes",
              "took_ck",
              "took = '{}'",
              "took = '{{1,0,0,0,0,0},{0,0,0,0,0,0}}'",
              "took = '{1,0,0,0,0,0,0,0,0,0,0}'",
              "took = '{null,0,0,0,0,0,0,0,0,0,0,0}'",
              "took = '{-1,0,0,0,0,0,0,0,0,0,0,0}'"),
          of("operator_actions", "action_ck", "action = ''", "action = 'Shout!'"),
          of("operator_actions", "about_ck", "about = repeat('x', 4001)"),
          of("operator_actions", "told_ck", "told_by = 1", "told_by = 0, told_round = 1"),
          of("operator_actions", "time_ck", infinite("acted_at")));

  @Test
  void whatever_breaks_an_assumption_is_refused_by_its_constraint(TestDatabase db)
      throws SQLException {
    GOOD.forEach(db::sql);
    try (var connection = db.open()) {
      connection.setAutoCommit(false);
      for (var assumption : ASSUMPTIONS) {
        for (var broken : assumption.broken()) {
          requireRefused(connection, assumption, broken);
        }
      }
    }
  }

  private static void requireRefused(Connection connection, Assumption assumption, String broken)
      throws SQLException {
    var update = "update trunkline.%s set %s".formatted(assumption.table(), broken);
    assertThatThrownBy(() -> TestDatabase.run(connection, update))
        .as(update)
        .isInstanceOfSatisfying(
            PSQLException.class,
            refused -> {
              assertThat(refused.getSQLState()).as(refused.getMessage()).isEqualTo("23514");
              assertThat(Objects.requireNonNull(refused.getServerErrorMessage()).getConstraint())
                  .isEqualTo(assumption.constraint());
            });
    connection.rollback();
  }

  @Test
  void every_constraint_has_a_row_that_it_refuses_and_none_that_breaks_it(TestDatabase db) {
    var constraints =
        db.sql(
                """
                select conname from pg_constraint
                 where connamespace = 'trunkline'::regnamespace and contype = 'c' and conparentid = 0
                   and coninhcount = 0
                """)
            .column();

    assertThat(constraints)
        .containsExactlyInAnyOrderElementsOf(
            ASSUMPTIONS.stream().map(Assumption::constraint).toList());
    assertThat(db.sql("select count(*) from trunkline.broken_checks() where broken > 0").number())
        .isZero();
  }

  @Test
  void enumerations_in_the_schema_are_those_of_the_code(TestDatabase db) throws Exception {
    assertThat(allowed(db, "instances_wake_mode_ck"))
        .isEqualTo(Arrays.stream(WakeMode.values()).map(WakeMode::word).collect(toSet()));
    assertThat(allowed(db, "sessions_log_level_ck"))
        .isEqualTo(Arrays.stream(LogLevel.values()).map(LogLevel::text).collect(toSet()));
    assertThat(allowed(db, "tasks_status_ck"))
        .isEqualTo(Arrays.stream(TaskStatus.values()).map(TaskStatus::wire).collect(toSet()));
    assertThat(allowed(db, "streams_close_reason_ck"))
        .containsAll(words("trunkline.stream.CloseReason", "wire"));
    assertThat(allowed(db, "sessions_end_reason_ck"))
        .containsAll(words("trunkline.session.EndReason", "text"));
    assertThat(allowed(db, "pending_requests_outcome_ck"))
        .isEqualTo(words("trunkline.exchange.QuestionOutcome", "text"));
  }

  private static Set<String> allowed(TestDatabase db, String constraint) {
    var definition =
        db.sql("select pg_get_constraintdef(oid) from pg_constraint where conname = ?", constraint);
    return Pattern.compile("'([^']+)'::text")
        .matcher(definition.text())
        .results()
        .map((MatchResult word) -> word.group(1))
        .collect(toSet());
  }

  /// Of an enumeration that its package keeps to itself.
  private static Set<String> words(String type, String word) throws ReflectiveOperationException {
    var method = Class.forName(type).getDeclaredMethod(word);
    method.setAccessible(true);
    var words = new HashSet<String>();
    for (var constant : Class.forName(type).getEnumConstants()) {
      words.add((String) method.invoke(constant));
    }
    return words;
  }
}
