package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static trunkline.testing.Json.json;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.telemetry.ServerEvent.StreamDismissed;
import trunkline.testing.EventLog;
import trunkline.testing.OpenTransaction;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: a key that was issued lets its bearer in on every instance and in both eras, and one that
/// has ended nowhere, nor does anything go on that was opened with it.
@Tag("cluster")
class KeysAcrossInstancesTest {
  private final KeyTrio trio;

  KeysAcrossInstancesTest(TestCluster cluster) {
    trio = KeyTrio.of(cluster);
  }

  @AfterEach
  void close() throws Exception {
    trio.close();
  }

  @Test
  void a_key_lets_in_everywhere_and_in_both_eras() throws Exception {
    var key = trio.issue("ada");
    var client = trio.connected(key);

    for (var instance : trio.all()) {
      assertThat(client.on(instance).call("echo", json("{'text':'hello'}")).text())
          .isEqualTo("hello");
      assertThat(trio.stateless(key).on(instance).call("echo", json("{'text':'hello'}")).text())
          .isEqualTo("hello");
    }
    assertThat(trio.db.sql("select principal from trunkline.sessions").column()).contains("ada");
  }

  @Test
  void no_key_a_wrong_one_and_an_expired_one_let_nobody_in() {
    var living = trio.issue("ada");
    var expired = trio.issue("ada");
    trio.db.sql(
        "update trunkline.api_keys set expires_at = clock_timestamp() where key_id = ?",
        KeyTrio.id(expired));
    for (var instance : trio.all()) {
      assertThat(trio.answer(instance, "")).isEqualTo("401 Bearer");
      assertThat(trio.answer(instance, "Basic YTpi")).isEqualTo("401 Bearer");
      for (var wrong :
          List.of(
              expired,
              "tk_1_" + "A".repeat(43),
              living + "A",
              living.substring(0, living.length() - 1),
              living.toUpperCase(Locale.ROOT),
              "tk_",
              "é",
              "x".repeat(9_000))) {
        assertThat(trio.answer(instance, "Bearer " + wrong))
            .as(wrong)
            .isEqualTo("401 " + KeyTrio.INVALID);
      }
      trio.requireGood(instance, living);
    }
  }

  /// `true`: by the function, which rings. `false`: by hand, which nobody hears of but by looking.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_revoked_key_is_refused_everywhere_and_what_it_opened_ends(
      boolean rung, TestReporter report) throws Exception {
    var key = trio.issue("ada");
    var second = trio.issue("ada");
    var ada = trio.connected(key);
    var gate = UUID.randomUUID().toString();
    var call = ada.on(trio.a).call("hold", Trio.named(gate)).sse();
    call.nextLog();
    var hers = ada.on(trio.b).get().sse();
    var heard = trio.stateless(key).on(trio.c).listen("{'toolsListChanged':true}");
    var lone = trio.stateless(key).on(trio.b).call("hold_again", Trio.named(gate + "-lone")).sse();

    var others = trio.connected(second).on(trio.c).get().sse();
    var bobs = trio.stateless(trio.issue("bob")).on(trio.a).listen("{'toolsListChanged':true}");
    heard.nextMessage("notifications/subscriptions/acknowledged");
    bobs.nextMessage("notifications/subscriptions/acknowledged");
    trio.tools.gate(gate + "-lone").awaitBegun();
    trio.all().forEach(instance -> trio.requireGood(instance, key));

    trio.revoke(key, rung);
    var from = System.nanoTime();
    for (var instance : trio.all()) {
      trio.awaitRefused(instance, key);
      report.publishEntry(instance + " refuses after ms", millisSince(from));
    }
    for (var stream : List.of(call, hers, heard, lone)) {
      stream.awaitEnd(Trio.PATIENCE);
      assertThat(stream.failure()).as("a proper end").isNull();
    }
    report.publishEntry("all streams have ended after ms", millisSince(from));

    assertThat(hers.retry()).as("as it began: nobody is invited back").isEqualTo(1_000L);
    assertThat(heard.nextMessage().path("result").path("resultType").asString())
        .isEqualTo("complete");
    trio.b.events().await(StreamDismissed.class);
    trio.tools.gate(gate + "-lone").awaitInterrupted();
    assertThat(ada.on(trio.c).resume(call.requireLastEventId()).status()).isEqualTo(401);

    // the call of the session goes on, and its answer waits for whom that is
    ada.withHeader("Authorization", "Bearer " + second);
    var resumed = ada.on(trio.c).resume(call.requireLastEventId()).sse();
    trio.tools.gate(gate).open();
    assertThat(Reply.text(resumed.nextResponse().path("result"))).isEqualTo("held " + gate);
    requireOpen(others, bobs);
  }

  /// Nobody revokes it: its time is over, of which every instance knows by itself.
  @Test
  void a_key_that_expires_ends_what_it_opened() throws Exception {
    var key =
        trio.db
            .sql("select trunkline.issue_key('ada', '{}', clock_timestamp() + interval '4 s')")
            .text();
    var hers = trio.connected(key).on(trio.b).get().sse();
    var heard = trio.stateless(key).on(trio.c).listen("{'toolsListChanged':true}");

    hers.awaitEnd(Trio.PATIENCE);
    heard.awaitEnd(Trio.PATIENCE);
    trio.all().forEach(instance -> trio.awaitRefused(instance, key));
  }

  @Test
  void two_keys_of_one_are_one_person_and_anothers_key_is_another_person() throws Exception {
    var ada = trio.connected(trio.issue("ada"));
    ada.withHeader("Authorization", "Bearer " + trio.issue("ada"));
    assertThat(ada.on(trio.b).request("ping").status()).isEqualTo(200);

    ada.withHeader("Authorization", "Bearer " + trio.issue("bob"));
    for (var instance : trio.all()) {
      assertThat(ada.on(instance).request("ping").status()).isEqualTo(404);
      assertThat(ada.on(instance).get().status()).isEqualTo(404);
      assertThat(ada.on(instance).delete().status()).isEqualTo(404);
    }
  }

  /// For whom events are no answer: the answer is there, or it is too late for one.
  @Test
  void a_client_that_takes_json_only_is_refused_when_its_key_ends_before_the_answer()
      throws Exception {
    var key = trio.issue("ada");
    var gate = UUID.randomUUID().toString();
    var client = trio.stateless(key);
    var reply =
        OpenTransaction.start(() ->
            client
                .on(trio.a)
                .call("wait_silently", Trio.named(gate), "Accept", "application/json"));
    trio.tools.gate(gate).awaitBegun();

    trio.revoke(key, true);
    assertThat(reply.get().status()).isEqualTo(401);
    assertThat(reply.get().header("www-authenticate")).isEqualTo(KeyTrio.INVALID);
  }

  @Test
  void a_key_says_when_it_was_used_and_a_purge_takes_it_away() {
    var key = trio.issue("eve");
    assertThat(used(key)).isEqualTo("never");
    trio.all().forEach(instance -> trio.requireGood(instance, key));
    trio.all().forEach(instance -> instance.server().sweepOnce());
    var first = used(key);
    assertThat(first).isNotEqualTo("never");

    // used again, on all: it is written once a minute, whoever does
    for (var instance : trio.all()) {
      trio.requireGood(instance, key);
      instance.server().sweepOnce();
    }
    assertThat(used(key)).isEqualTo(first);
    trio.db.sql(
        "update trunkline.api_keys set last_used_at = last_used_at - interval '61 seconds'");
    awaitUsed(trio.b, key);
    assertThat(used(key)).isGreaterThan(first);

    var purged = trio.c.server().purge("eve");
    assertThat(purged.removed()).containsEntry("api_keys", 1);
    assertThat(purged.left()).isZero();
    trio.all().forEach(instance -> trio.awaitRefused(instance, key));
  }

  @Test
  void what_cannot_be_a_key_is_refused_in_words() {
    var refused =
        Map.of(
            "'anonymous'", "anonymous is everybody",
            "''", "a principal is a name",
            "'a  b'", "a principal is a name",
            "null", "a principal is a name",
            "'ada', '{a b}'", "scopes are",
            "'ada', '{\"\"}'", "scopes are",
            "'ada', array[null]", "scopes are",
            "'ada', '{a}', now()", "expires in the future",
            "'ada', '{a}', 'infinity'", "expires in the future");
    refused.forEach((arguments, words) ->
        assertThatThrownBy(() -> trio.db.sql("select trunkline.issue_key(%s)".formatted(arguments)))
            .as(arguments)
            .rootCause()
            .isInstanceOf(SQLException.class)
            .hasMessageContaining(words));
  }

  @Test
  void the_table_has_no_key_and_the_record_says_what_was_done() {
    var key = trio.issue("ada");
    trio.revoke(key, true);
    var id = KeyTrio.id(key);

    assertThat(
            trio.db
                .sql("select count(*) from trunkline.api_keys k where k::text like ?", "%" + key)
                .number())
        .isZero();
    assertThat(
            trio.db
                .sql(
                    "select count(*) from trunkline.api_keys where sha256 = sha256(convert_to(?, 'UTF8'))",
                    key)
                .number())
        .isOne();
    assertThat(
            trio.db
                .sql(
                    "select action from trunkline.operator_actions where about = 'key ' || ? order by action_id",
                    id)
                .column())
        .containsExactly("issue_key", "revoke_key");
    assertThat(trio.db.sql("select state from trunkline.key_directory where key_id = ?", id).text())
        .isEqualTo("revoked");
    assertThat(trio.db.sql("select trunkline.revoke_key(?)", id).value()).isEqualTo(false);
  }

  private String used(String key) {
    return trio.db
        .sql(
            "select coalesce(last_used_at::text, 'never') from trunkline.key_directory where key_id = ?",
            KeyTrio.id(key))
        .text();
  }

  /// Uses it until that is written: the instance has to read first that it is due.
  private void awaitUsed(Instance instance, String key) {
    var before = used(key);
    var until = System.nanoTime() + EventLog.PATIENCE.toNanos();
    while (used(key).equals(before)) {
      assertThat(System.nanoTime()).as("written by " + instance).isLessThan(until);
      trio.requireGood(instance, key);
      instance.server().sweepOnce();
    }
  }

  private static String millisSince(long nanos) {
    return Long.toString(Duration.ofNanos(System.nanoTime() - nanos).toMillis());
  }

  private void requireOpen(RawSse standalone, RawSse listening) throws InterruptedException {
    trio.db.sql("select trunkline.list_changed('tools')");
    standalone.nextMessage("notifications/tools/list_changed");
    listening.nextMessage("notifications/tools/list_changed");
  }
}
