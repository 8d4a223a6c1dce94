package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import trunkline.testing.TestDatabase;

/// What is filled in for each act, and something in a database that it is about.
final class ActExamples {
  private static final String NOTIFICATION = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}";

  /// What is filled in where a database has nothing better.
  private static final Map<String, String> EXAMPLES =
      Map.of(
          "kind", "tool",
          "name", "o'clock",
          "enabled", "false",
          "principal", "ada o'neil",
          "scopes", "tea cake",
          "message", NOTIFICATION);

  private ActExamples() {}

  /// @param instance one that is there
  static Map<String, String> in(TestDatabase db, int instance) {
    var examples = new HashMap<>(EXAMPLES);
    examples.putAll(things(db, instance));
    return Map.copyOf(examples);
  }

  /// Of what one act asks for.
  static Map<String, String> of(Act act, Map<String, String> examples) {
    var form = new HashMap<>(examples);
    form.keySet().retainAll(act.values().stream().map(Act.Value::name).toList());
    return form;
  }

  /// One of each, which is good for doing something about.
  private static Map<String, String> things(TestDatabase db, int instance) {
    var session =
        db.sql(
                """
                insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client)
                values (repeat('a', 32), '2025-11-25', 'ada', 0, '{}', '{}') returning session_key
                """)
            .number();
    var stream =
        db.sql(
                """
                insert into trunkline.streams (session_key, standalone) values (?, true) returning stream_id
                """,
                session)
            .number();
    var call =
        db.sql(
                """
                insert into trunkline.calls (stream_id, session_key, request_id, method, request, principal, rerunnable)
                values (?, ?, '1', 'tools/call', '{}', 'ada', false) returning call_id
                """,
                stream,
                session)
            .number();
    var task =
        db.sql(
                """
                insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis, expires_at)
                values (repeat('b', 32), 'ada', repeat('a', 32), 1, 'bake', '{}', true, 1, 3600000, now() + interval '1 hour')
                returning task_key
                """)
            .number();
    var question =
        db.sql(
                """
                insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline)
                values (77, ?, ?, 1, 1, 'roots/list', '', now() + interval '1 hour') returning pending_id
                """,
                session,
                stream)
            .number();
    var key = db.sql("select trunkline.issue_key('eve')").rows().size();
    assertThat(key).isOne();
    return Map.of(
        "session", String.valueOf(session),
        "call", String.valueOf(call),
        "task", String.valueOf(task),
        "question", String.valueOf(question),
        "instance", String.valueOf(instance),
        "key",
            String.valueOf(
                db.sql("select key_id from trunkline.api_keys where principal = 'eve'").number()));
  }
}
