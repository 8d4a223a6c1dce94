package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Goal: each act does in the console what its statement does when it is copied. Method: every act
/// there is, once by its form and once by the statement that the form shows.
@Tag("cluster")
class ActsTest {
  private static final String NOTIFICATION = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}";

  /// What is filled in where a test has not made anything better.
  private static final Map<String, String> EXAMPLES =
      Map.of(
          "kind", "tool",
          "name", "o'clock",
          "enabled", "false",
          "principal", "ada o'neil",
          "scopes", "tea cake",
          "message", NOTIFICATION);

  private final TestDatabase db;

  ActsTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void what_is_done_is_what_was_shown_and_can_be_copied(TestCluster cluster) throws Exception {
    cluster.with("console", "true").with("api-keys", "true");
    var instance = cluster.start("a");
    var examples = new HashMap<>(EXAMPLES);
    examples.putAll(things(instance.id()));
    try (var browser = new Browser()) {
      browser.login(
          instance.url(), db.sql("select trunkline.issue_key('op', '{trunkline.operate}')").text());
      for (var act : Acts.ALL) {
        var page = "acts/" + act.word();
        var form = new HashMap<>(examples);
        form.keySet().retainAll(act.values().stream().map(Act.Value::name).toList());
        form.put("token", browser.get(instance.url(), page).token());

        var done = browser.post(instance.url(), page, form);

        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.text()).as(act.word()).contains("It was done");
        assertThat(done.sql()).isEqualTo(act.copied(act.given(form)));
        assertThat(db.sql(done.sql().replace(";", "")).rows()).as(act.word()).isNotEmpty();
      }

      var story = browser.get(instance.url(), "sessions/" + examples.get("session")).text();
      assertThat(story)
          .as("what was done about a session is in its story")
          .contains("end_session by");
    }
    cluster.close();
  }

  /// One of each, which is good for doing something about.
  private Map<String, String> things(int instance) {
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

  @Test
  void what_is_not_good_is_said_and_nothing_is_run() {
    var drain = Acts.find("drain").orElseThrow();
    var toggle = Acts.find("switch").orElseThrow();

    assertThat(drain.faults(drain.given(Map.of()))).containsExactly("Instance is missing");
    assertThat(drain.faults(drain.given(Map.of("instance", "1; drop")))).hasSize(1);
    assertThat(
            toggle.faults(toggle.given(Map.of("kind", "spoon", "name", "x", "enabled", "perhaps"))))
        .isEqualTo(List.of("Kind is one of tool, prompt, resource", "On is one of true, false"));
    assertThat(drain.copied(drain.given(Map.of()))).contains(":instance");
    var given =
        toggle.given(
            Map.of(
                "kind", "tool", "name", ":principal", "enabled", "true", "principal", "); drop"));
    assertThat(toggle.copied(given))
        .as("what looks like a name is text")
        .isEqualTo(
            "select trunkline.set_enabled('tool', ':principal', true, nullif('); drop', ''))::text as outcome;");
    var turned = Acts.find("purge").orElseThrow();
    assertThat(turned.faults(turned.given(Map.of("principal", "a\u202Eb"))))
        .containsExactly("Principal has signs that turn or hide text");
  }

  @Test
  void how_much_there_is_of_a_person_is_said_before_it_goes(TestCluster cluster) throws Exception {
    cluster.with("console", "true").with("api-keys", "true");
    var url = cluster.start("a").url();
    db.sql("select trunkline.issue_key('zoe')");
    try (var browser = new Browser()) {
      browser.login(url, db.sql("select trunkline.issue_key('op', '{trunkline.operate}')").text());

      assertThat(browser.get(url, "acts/purge?principal=zoe").text())
          .contains("0 living sessions, 0 tasks, 1 keys, 0 switches");
      assertThat(db.sql("select count(*) from trunkline.api_keys where principal = 'zoe'").number())
          .isOne();
    }
    cluster.close();
  }

  @Test
  void the_audit_has_what_was_done(TestCluster cluster) throws Exception {
    cluster.with("console", "true").with("api-keys", "true");
    var instance = cluster.start("a");
    var a = instance.url();
    try (var browser = new Browser()) {
      browser.login(a, db.sql("select trunkline.issue_key('op', '{trunkline.operate}')").text());
      var form =
          Map.of(
              "token", browser.get(a, "acts/drain").token(),
              "instance", String.valueOf(instance.id()));

      browser.post(a, "acts/drain", form);

      assertThat(browser.get(a, "audit").text()).contains("drain").contains("trunkline-console op");
    }
    cluster.close();
  }
}
