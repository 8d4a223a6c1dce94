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
  private final TestDatabase db;

  ActsTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void what_is_done_is_what_was_shown_and_can_be_copied(TestCluster cluster) throws Exception {
    cluster.with("console", "true").with("api-keys", "true");
    var instance = cluster.start("a");
    var examples = ActExamples.in(db, instance.id());
    try (var browser = new Browser()) {
      browser.login(
          instance.url(), db.sql("select trunkline.issue_key('op', '{trunkline.operate}')").text());
      for (var act : Acts.ALL) {
        var page = "acts/" + act.word();
        var form = new HashMap<>(ActExamples.of(act, examples));
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
