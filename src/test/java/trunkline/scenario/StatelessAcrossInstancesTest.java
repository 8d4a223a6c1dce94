package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.feature.Catalog;
import trunkline.feature.ElicitResult;
import trunkline.feature.InputRequest;
import trunkline.feature.SamplingRequest;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;
import trunkline.testing.Json;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Requests of 2026-07-28: each stands alone, on whichever instance.
class StatelessAcrossInstancesTest {
  record Name(String name) {}

  private static final AtomicInteger PAID = new AtomicInteger();
  private static final CountDownLatch INTERRUPTED = new CountDownLatch(1);

  private static final Tool GREET =
      Tool.named("greet")
          .description("Asks for a name, twice")
          .handler((none, context) -> {
            var receipt = context.once("pay", String.class, () -> "paid " + PAID.incrementAndGet());
            var first = context.elicit("First name?", Name.class);
            var last = context.elicit("Last name?", Name.class);
            return ToolResult.text(receipt + ": hello " + text(first) + " " + text(last));
          });

  private static final Tool MANY =
      Tool.named("many")
          .description("Asks for three things at once")
          .handler((none, context) -> {
            var name = InputRequest.form("Name?", Name.class).named("who");
            var motto = InputRequest.sampling(SamplingRequest.of("A motto", 10)).named("motto");
            var roots = InputRequest.roots().named("where");
            var told = context.askAll(name, motto, roots);
            return ToolResult.text(
                text(told.get(name))
                    + ", "
                    + told.get(motto).text()
                    + ", "
                    + told.get(roots).getFirst().uri());
          });

  private static final AtomicInteger MOODS = new AtomicInteger();

  private static final Tool MOODY =
      Tool.named("moody")
          .description("Asks differently each time")
          .handler((none, context) ->
              ToolResult.text(text(context.elicit("Mood " + MOODS.incrementAndGet(), Name.class))));

  private static final Tool TALK =
      Tool.named("talk")
          .description("Says something before its answer")
          .handler((none, context) -> {
            context.log(LogLevel.INFO, "on it");
            context.progress(1, 2);
            return ToolResult.text("done");
          });

  private static final Tool WAIT =
      Tool.named("wait")
          .description("Waits until it is interrupted")
          .handler((none, context) -> {
            try {
              Thread.currentThread().join();
              return ToolResult.text("never");
            } catch (InterruptedException e) {
              INTERRUPTED.countDown();
              throw e;
            }
          });

  private static final Tool VISIT =
      Tool.named("visit")
          .description("Sends the user to a page and waits until it is done with")
          .handler((none, context) ->
              ToolResult.text(
                  context
                      .elicitUrl("Sign in", id -> URI.create("https://example.com/?page=" + id))
                      .accepted()
                      .map(page -> page.awaitCompleted(Duration.ofSeconds(30)) ? "in" : "out")
                      .orElse("declined")));

  private static final Tool ALTER =
      Tool.named("alter")
          .description("Changes what it was given, and asks")
          .inputSchema("{\"type\":\"object\"}")
          .handler((given, context) -> {
            given.put("seen", true);
            return ToolResult.text(text(context.elicit("Name?", Name.class)));
          });

  private static final Catalog TOOLS =
      Catalog.builder().add(GREET, MANY, MOODY, TALK, WAIT, VISIT, ALTER).build();

  private final StatelessTestClient client =
      new StatelessTestClient("{'elicitation':{'form':{},'url':{}},'sampling':{},'roots':{}}");
  private TestDatabase db;
  private TestCluster.Instance a;
  private TestCluster.Instance b;
  private TestCluster.Instance c;

  @BeforeEach
  void start(TestCluster cluster) {
    db = cluster.database();
    cluster.with(TOOLS);
    a = cluster.start("a");
    b = cluster.start("b");
    c = cluster.start("c");
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static String text(ElicitResult<Name> answer) {
    return answer.accepted().map(Name::name).orElse("nobody");
  }

  private static String named(String name) {
    return "{'action':'accept','content':{'name':'%s'}}".formatted(name);
  }

  @Test
  void who_asks_what_the_server_is_learns_both_eras() throws Exception {
    var result = client.on(a).request("server/discover", "{}").result();

    assertThat(result.path("supportedVersions"))
        .isEqualTo(Json.of("[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\"]"));
    assertThat(result.path("resultType").asString()).isEqualTo("complete");
    assertThat(result.path("cacheScope").asString()).isEqualTo("public");
    assertThat(result.path("capabilities").has("tasks")).isFalse();
    assertThat(result.at("/_meta/io.modelcontextprotocol~1serverInfo/name").asString())
        .isEqualTo("trunkline");
  }

  @Test
  void a_handler_asks_in_rounds_on_another_instance_each_and_pays_once() throws Exception {
    PAID.set(0);
    var first = client.on(a).call("greet", "{}").result();
    assertThat(first.path("resultType").asString()).isEqualTo("input_required");
    assertThat(first.at("/inputRequests/question-1/params/message").asString())
        .isEqualTo("First name?");

    var second =
        client.on(b).answer("greet", "{}", first, "{'question-1':" + named("Ada") + "}").result();
    assertThat(second.at("/inputRequests/question-2/params/message").asString())
        .isEqualTo("Last name?");
    assertThat(second.path("requestState")).isNotEqualTo(first.path("requestState"));

    var last =
        client
            .on(c)
            .answer("greet", "{}", second, "{'question-2':" + named("Lovelace") + "}")
            .text();
    assertThat(last).isEqualTo("paid 1: hello Ada Lovelace");
  }

  @Test
  void several_questions_go_out_in_one_round() throws Exception {
    var asked = client.on(a).call("many", "{}").result();
    assertThat(asked.path("inputRequests").propertyNames())
        .containsExactly("who", "motto", "where");

    var told =
        client
            .on(b)
            .answer(
                "many",
                "{}",
                asked,
                """
                {'who':%s,
                 'motto':{'role':'assistant','model':'m','content':{'type':'text','text':'onward'}},
                 'where':{'roots':[{'uri':'file:///home'}]}}
                """
                    .formatted(named("Ada")))
            .text();
    assertThat(told).isEqualTo("Ada, onward, file:///home");
  }

  @Test
  void an_answer_that_is_missing_is_asked_for_again_and_one_that_is_none_is_an_error()
      throws Exception {
    var asked = client.on(a).call("greet", "{}").result();

    var again = client.on(b).answer("greet", "{}", asked, "{'wrong':" + named("x") + "}").result();
    assertThat(again.path("inputRequests").propertyNames()).containsExactly("question-1");
    for (var none : List.of("12345", "{}", "{'action':'perhaps'}")) {
      var refused = client.on(b).answer("greet", "{}", asked, "{'question-1':" + none + "}");
      assertThat(refused.error().path("code").asInt()).as(none).isEqualTo(-32602);
    }
  }

  @Test
  void a_state_is_good_for_its_request_alone() throws Exception {
    var asked = client.on(a).call("greet", "{}").result();
    var answers = "{'question-1':" + named("x") + "}";

    var tampered = Json.of(asked.toString().replace("\"requestState\":\"", "\"requestState\":\"x"));
    assertThat(client.on(b).answer("greet", "{}", tampered, answers).error().path("code").asInt())
        .isEqualTo(-32602);
    assertThat(client.on(b).answer("many", "{}", asked, answers).error().path("code").asInt())
        .isEqualTo(-32602);
    assertThat(client.on(b).answer("greet", "{'a':1}", asked, answers).error().path("code").asInt())
        .isEqualTo(-32602);
  }

  @Test
  void a_state_is_good_for_what_was_sent_whatever_the_handler_made_of_it() throws Exception {
    var asked = client.on(a).call("alter", "{'of':1}").result();

    assertThat(
            client
                .on(b)
                .answer("alter", "{'of':1}", asked, "{'question-1':" + named("Ada") + "}")
                .text())
        .isEqualTo("Ada");
  }

  @Test
  void a_handler_that_asks_differently_on_its_second_run_is_told() throws Exception {
    var asked = client.on(a).call("moody", "{}").result();

    var error =
        client.on(b).answer("moody", "{}", asked, "{'question-1':" + named("x") + "}").error();

    assertThat(error.path("message").asString()).contains("asks differently", "question-1");
  }

  @Test
  void what_a_client_cannot_do_is_an_error_before_anything_is_asked() throws Exception {
    try (var mute = new StatelessTestClient()) {
      var refused = mute.on(a).call("greet", "{}");

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.error().path("code").asInt()).isEqualTo(-32021);
      assertThat(refused.error().at("/data/requiredCapabilities/elicitation").isObject()).isTrue();
    }
  }

  @Test
  void who_says_something_first_is_answered_by_events_without_ids() throws Exception {
    var params =
        """
        {'name':'talk','arguments':{},'_meta':{'progressToken':7,
         'io.modelcontextprotocol/logLevel':'info'}}
        """;
    try (var reply = client.on(a).request("tools/call", params)) {
      var said = reply.sse();
      assertThat(said.next().message().path("method").asString())
          .isEqualTo("notifications/message");
      assertThat(said.next().message().at("/params/progressToken").asInt()).isEqualTo(7);
      assertThat(said.nextResponse().at("/result/resultType").asString()).isEqualTo("complete");
      assertThat(said.lastEventId()).isNull();
    }
  }

  @Test
  void nobody_hears_log_messages_without_asking_for_them() throws Exception {
    var reply = client.on(a).call("talk", "{}");

    assertThat(reply.isStream()).isFalse();
    assertThat(reply.text()).isEqualTo("done");
  }

  @Test
  void a_client_that_goes_away_cancels_its_call() throws Exception {
    var reply = client.on(a).call("wait", "{}");
    reply.close();

    assertThat(INTERRUPTED.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_page_that_is_done_with_anywhere_lets_the_retry_go_on_that_waits_for_it(boolean bySql)
      throws Exception {
    var asked = client.on(a).call("visit", "{}").result();
    var params = asked.path("inputRequests").iterator().next().path("params");
    assertThat(params.has("elicitationId")).isFalse();
    var page = params.path("url").asString().replaceAll(".*=", "");
    var key = asked.path("inputRequests").propertyNames().iterator().next();

    var waiting =
        CompletableFuture.supplyAsync(
            () -> client.on(b).answer("visit", "{}", asked, "{'" + key + "':{'action':'accept'}}"));
    if (bySql) {
      db.sql("select trunkline.complete_elicitation(?, 'anonymous')", page);
    } else {
      c.server().handle().completeElicitation(page, "anonymous");
    }

    assertThat(waiting.get(20, TimeUnit.SECONDS).text()).isEqualTo("in");
  }

  @Test
  void what_there_is_not_is_not_found() throws Exception {
    for (var method : new String[] {"initialize", "ping", "logging/setLevel", "x/y"}) {
      var reply = client.on(a).request(method, "{}");
      assertThat(reply.status()).as(method).isEqualTo(404);
      assertThat(reply.error().path("code").asInt()).isEqualTo(-32601);
    }
  }

  @Test
  void headers_say_what_the_body_says() throws Exception {
    assertThat(client.on(a).call("talk", "{}", "Mcp-Name", "  talk  ").status()).isEqualTo(200);
    assertThat(client.on(a).call("talk", "{}", "Mcp-Name", "=?base64?dGFsaw==?=").status())
        .isEqualTo(200);
    for (var wrong :
        new String[][] {
          {"Mcp-Name", "other"},
          {"Mcp-Name", ""},
          {"Mcp-Name", "=?base64?dGFsaw?="},
          {"Mcp-Method", "TOOLS/CALL"},
          {"Mcp-Method", ""},
          {"MCP-Protocol-Version", ""},
          {"MCP-Protocol-Version", "2025-11-25"}
        }) {
      var reply = client.on(a).call("talk", "{}", wrong);
      assertThat(reply.status()).as(String.join(": ", wrong)).isEqualTo(400);
      assertThat(reply.error().path("code").asInt()).isEqualTo(-32020);
    }
  }
}
