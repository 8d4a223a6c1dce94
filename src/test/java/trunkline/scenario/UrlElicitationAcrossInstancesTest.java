package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import trunkline.testing.McpTestClient;
import trunkline.testing.OpenTransaction;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Requirement D2, by URL: a tool sends its user to a web page from one instance, the client agrees
/// on another, and the page says through a third, or by SQL, that the user is done.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class UrlElicitationAcrossInstancesTest {
  private static final String OPENS_PAGES = json("{'elicitation':{'form':{},'url':{}}}");
  private static final String AGREED = json("{'action':'accept'}");
  private static final String COMPLETE = "notifications/elicitation/complete";
  private static final String USER = "anonymous";

  private final Trio trio;

  UrlElicitationAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of("request-timeout", "20s"));
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  /// How the page says that its user is done.
  enum Way {
    JAVA,
    SQL;

    boolean complete(Trio trio, String elicitation, String principal) {
      return switch (this) {
        case JAVA -> trio.c.server().handle().completeElicitation(elicitation, principal);
        case SQL ->
            Boolean.TRUE.equals(
                trio.db
                    .sql("select trunkline.complete_elicitation(?, ?)", elicitation, principal)
                    .value());
      };
    }
  }

  /// A session that may be sent to web pages, and its standalone stream.
  private record Listening(McpTestClient client, RawSse stream) {
    /// Everything that comes before a message sent now.
    List<JsonNode> heard(Instance from) throws InterruptedException {
      from.server().handle().send(client.sessionId(), Trio.notification("that was all"));
      var heard = new ArrayList<JsonNode>();
      var message = stream.nextMessage();
      while (!message.path("params").path("data").asString("").equals("that was all")) {
        heard.add(message);
        message = stream.nextMessage();
      }
      return heard;
    }
  }

  private Listening listening(Instance opened, Instance followed) throws InterruptedException {
    var client = trio.connected(opened, Trio.REVISION, OPENS_PAGES);
    return new Listening(client, client.on(followed).get().sse());
  }

  /// A call on A whose user has agreed, on B, to open the page.
  private record Visit(Reply call, String elicitation) {}

  private Visit visit(McpTestClient client) throws InterruptedException {
    var call = client.on(trio.a).call("visit");
    var question = call.sse().nextMessage("elicitation/create");
    client.on(trio.b).respond(question, AGREED);
    return new Visit(call, question.path("params").path("elicitationId").asString());
  }

  @Test
  void a_client_is_asked_as_the_specification_has_it() throws InterruptedException {
    var client = listening(trio.c, trio.b).client();
    var call = client.on(trio.a).call("visit");

    var params = call.sse().nextMessage("elicitation/create").path("params");

    var id = params.path("elicitationId").asString();
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(params.toString())
        .isEqualTo(
            json(
                "{'mode':'url','elicitationId':'%1$s',"
                    + "'url':'https://example.com/sign-in?elicitation=%1$s','message':'Please sign in'}",
                id));
  }

  @ParameterizedTest
  @EnumSource
  void a_completion_from_anywhere_resumes_the_tool_and_tells_only_the_session_that_was_asked(
      Way way) throws InterruptedException {
    var asked = listening(trio.c, trio.b);
    var other = listening(trio.a, trio.a); // of the same principal
    var visit = visit(asked.client());

    assertThat(way.complete(trio, visit.elicitation(), USER)).isTrue();

    assertThat(visit.call().text()).isEqualTo("welcome");
    assertThat(asked.stream().nextMessage().toString())
        .isEqualTo(
            json(
                "{'jsonrpc':'2.0','method':'%s','params':{'elicitationId':'%s'}}",
                COMPLETE, visit.elicitation()));
    assertThat(asked.heard(trio.a)).isEmpty();
    assertThat(other.heard(trio.a)).isEmpty();
  }

  @Test
  void a_user_may_be_done_before_the_client_has_answered() throws InterruptedException {
    var asked = listening(trio.c, trio.b);
    var call = asked.client().on(trio.a).call("visit");
    var question = call.sse().nextMessage("elicitation/create");
    var id = question.path("params").path("elicitationId").asString();

    assertThat(Way.SQL.complete(trio, id, USER)).isTrue();
    asked.stream().nextMessage(COMPLETE);
    asked.client().on(trio.c).respond(question, AGREED);

    assertThat(call.text()).isEqualTo("welcome");
  }

  /// Goal: exactly once. Method: twelve at a time, over all instances and by SQL.
  @Test
  void of_many_completions_one_counts_and_one_notification_is_sent() throws Exception {
    var asked = listening(trio.a, trio.c);
    var visit = visit(asked.client());
    var attempts = new ArrayList<Callable<Boolean>>();
    for (var i = 0; i < 3; i++) {
      attempts.add(() -> Way.SQL.complete(trio, visit.elicitation(), USER));
      for (var each : trio.all()) {
        attempts.add(() -> each.server().handle().completeElicitation(visit.elicitation(), USER));
      }
    }

    var counted = 0;
    try (var threads = Executors.newFixedThreadPool(attempts.size())) {
      for (var attempt : threads.invokeAll(attempts)) {
        counted += attempt.get(30, TimeUnit.SECONDS) ? 1 : 0;
      }
    }

    assertThat(counted).isOne();
    assertThat(visit.call().text()).isEqualTo("welcome");
    assertThat(asked.stream().nextMessage(COMPLETE).path("params").path("elicitationId").asString())
        .isEqualTo(visit.elicitation());
    assertThat(asked.heard(trio.b)).isEmpty();
    assertThat(Way.SQL.complete(trio, visit.elicitation(), USER)).isFalse();
    assertThat(asked.heard(trio.b)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void somebody_else_who_was_lured_to_the_page_completes_nothing(Way way)
      throws InterruptedException {
    var asked = listening(trio.a, trio.b);
    var visit = visit(asked.client());

    assertThat(way.complete(trio, visit.elicitation(), "eve")).isFalse();
    assertThat(way.complete(trio, "0".repeat(32), USER)).isFalse();
    assertThat(way.complete(trio, "' or true --", USER)).isFalse();

    assertThat(asked.heard(trio.c)).isEmpty();
    assertThat(way.complete(trio, visit.elicitation(), USER)).isTrue();
    assertThat(visit.call().text()).isEqualTo("welcome");
  }

  /// Goal: the page's own transaction decides, and while it is open it holds up nobody.
  @Test
  void a_completion_takes_part_in_its_callers_transaction()
      throws InterruptedException, SQLException {
    var asked = listening(trio.a, trio.b);
    var open = visit(asked.client());
    var other = visit(asked.client());
    var complete = "select trunkline.complete_elicitation(?, 'anonymous')";
    try (var page = OpenTransaction.on(trio.db, complete, open.elicitation())) {
      assertThat(Way.JAVA.complete(trio, other.elicitation(), USER)).isTrue();
      assertThat(other.call().text()).isEqualTo("welcome");
      assertThat(
              page.run(
                      "select count(*) from trunkline.outbox where about = ? and payload like ?",
                      asked.client().sessionId(),
                      "%" + open.elicitation() + "%")
                  .number())
          .isOne();
    } // rolled back

    assertThat(asked.heard(trio.a)).hasSize(1);
    assertThat(Way.SQL.complete(trio, open.elicitation(), USER)).isTrue();
    assertThat(open.call().text()).isEqualTo("welcome");
  }

  @Test
  void a_user_who_declines_is_not_waited_for() throws InterruptedException {
    var client = listening(trio.a, trio.b).client();
    for (var action : List.of("decline", "cancel")) {
      var call = client.on(trio.a).call("visit");
      var question = call.sse().nextMessage("elicitation/create");

      client.on(trio.c).respond(question, json("{'action':'%s'}", action));

      assertThat(call.text()).startsWith(action);
      var id = question.path("params").path("elicitationId").asString();
      trio.db.await(
          "(select expires_at <= clock_timestamp() from trunkline.url_elicitations where elicitation_id = '"
              + id
              + "')",
          Duration.ofSeconds(10));
      assertThat(Way.JAVA.complete(trio, id, USER)).isFalse();
    }
  }

  @Test
  void a_call_that_needs_a_page_first_is_refused_and_served_when_it_comes_again()
      throws InterruptedException {
    var asked = listening(trio.a, trio.b);
    var other = listening(trio.a, trio.c);
    var client = asked.client();

    var error = client.on(trio.a).call("need_visit", json("{'elicitation':''}")).error();

    assertThat(error.path("code").asInt()).isEqualTo(-32042);
    assertThat(error.path("message").asString()).isEqualTo("Please sign in. Please pay.");
    var pages = error.path("data").path("elicitations");
    assertThat(pages).hasSize(2);
    var id = pages.path(0).path("elicitationId").asString();
    assertThat(pages.path(0).toString())
        .isEqualTo(
            json(
                "{'mode':'url','elicitationId':'%1$s',"
                    + "'url':'https://example.com/sign-in?elicitation=%1$s','message':'Please sign in.'}",
                id));
    assertThat(error.path("data").size()).isOne();

    var again = json("{'elicitation':'%s'}", id);
    assertThat(client.on(trio.b).call("need_visit", again).error().path("code").asInt())
        .isEqualTo(-32042);
    assertThat(Way.SQL.complete(trio, id, USER)).isTrue();
    assertThat(asked.stream().nextMessage(COMPLETE).path("params").path("elicitationId").asString())
        .isEqualTo(id);
    assertThat(client.on(trio.c).call("need_visit", again).text()).isEqualTo("welcome back");
    assertThat(other.heard(trio.a)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2025-11-25 | {"elicitation":{}}
          2025-11-25 | {"elicitation":{"form":{}}}
          2025-06-18 | {"elicitation":{"url":{}}}
          2025-03-26 | {"elicitation":{"url":{}}}
          """)
  void a_client_that_opens_no_pages_is_not_asked_and_its_model_is_told(
      String revision, String capabilities) throws InterruptedException {
    var client = trio.connected(trio.a, revision, capabilities);

    var asked = client.on(trio.b).call("visit").result();
    var needed = client.on(trio.b).call("need_visit", json("{'elicitation':''}")).result();

    for (var result : List.of(asked, needed)) {
      assertThat(result.path("isError").asBoolean()).isTrue();
    }
    assertThat(asked.toString()).contains("ELICITATION_URL");
    assertThat(needed.toString()).contains("Please sign in. Please pay.");
    assertThat(
            trio.db
                .sql(
                    """
                    select count(*) from trunkline.url_elicitations e join trunkline.sessions s using (session_key)
                     where s.session_id = ?
                    """,
                    client.sessionId())
                .number())
        .isZero();
  }

  @Test
  void an_elicitation_that_expired_is_over_for_everybody() throws InterruptedException {
    var asked = listening(trio.a, trio.b);
    var visit = visit(asked.client());

    trio.db.sql(
        """
        update trunkline.url_elicitations set expires_at = clock_timestamp() where elicitation_id = ?
        """,
        visit.elicitation());

    assertThat(visit.call().text()).isEqualTo("not done");
    assertThat(Way.SQL.complete(trio, visit.elicitation(), USER)).isFalse();
    assertThat(Way.JAVA.complete(trio, visit.elicitation(), USER)).isFalse();
    assertThat(asked.heard(trio.c)).isEmpty();
  }

  @Test
  void a_session_that_ended_is_told_nothing() throws InterruptedException {
    var asked = listening(trio.a, trio.b);
    var visit = visit(asked.client());
    visit.call().sse().nextMessage("notifications/message"); // it waits for its user
    trio.tools.visits.clear();

    asked.client().on(trio.c).delete();

    assertThat(Way.SQL.complete(trio, visit.elicitation(), USER)).isFalse();
    visit.call().sse().awaitEnd(Duration.ofSeconds(20));
    assertThat(trio.tools.nextVisit()).isIn("not done", "interrupted"); // whichever is heard first
  }

  @Test
  void a_call_that_is_cancelled_waits_no_longer() throws InterruptedException {
    var asked = listening(trio.a, trio.b);
    var visit = visit(asked.client());
    var id = asked.client().on(trio.a).latestRequestId();
    visit.call().sse().nextMessage("notifications/message"); // it waits for its user
    trio.tools.visits.clear();

    asked.client().on(trio.c).notify("notifications/cancelled", json("{'requestId':%d}", id));

    assertThat(trio.tools.nextVisit()).isEqualTo("interrupted");
    visit.call().sse().awaitEnd(Duration.ofSeconds(20));
    assertThat(Way.SQL.complete(trio, visit.elicitation(), USER))
        .as("the user is done all the same, and the next call sees it")
        .isTrue();
  }

  @Test
  void what_expired_long_ago_is_removed_by_whichever_sweep() throws InterruptedException {
    var client = listening(trio.a, trio.b).client();
    var old = visit(client).elicitation();
    var older = visit(client).elicitation();
    var young = visit(client).elicitation();
    var age =
        "update trunkline.url_elicitations set expires_at = clock_timestamp() - interval '61 minutes' where elicitation_id = ?";
    trio.db.sql(age, old);

    trio.b.server().sweepOnce();
    trio.db.await(
        "not exists (select from trunkline.url_elicitations where elicitation_id = '" + old + "')",
        Duration.ofSeconds(10));
    trio.db.sql(age, older);
    assertThat(
            trio.db
                .sql("select done > 0 from trunkline.sweep() where chore = 'elicitations removed'")
                .value())
        .isEqualTo(true);

    assertThat(
            trio.db
                .sql(
                    "select elicitation_id from trunkline.url_elicitations where elicitation_id in (?, ?, ?)",
                    old,
                    older,
                    young)
                .column())
        .containsExactly(young);
  }
}
