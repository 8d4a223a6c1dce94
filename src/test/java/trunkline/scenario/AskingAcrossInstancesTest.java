package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import trunkline.telemetry.ServerEvent.AnswerUnwanted;
import trunkline.telemetry.ServerEvent.CallCancelled;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestCluster;

/// Requirements D1 to D6: a tool asks on one instance, the client answers on another.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class AskingAcrossInstancesTest {

  private final Trio trio;

  AskingAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of("request-timeout", "5s"));
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  @Test
  void an_answer_to_any_instance_resumes_the_tool() throws InterruptedException {
    for (var answering : trio.all()) {
      var client = trio.connected(trio.c);
      var call = client.on(trio.a).call("ask_name");
      var question = call.sse().nextMessage("elicitation/create");

      assertThat(client.on(answering).respond(question, Trio.ADA).status()).isEqualTo(202);

      assertThat(call.text()).isEqualTo("hello Ada");
    }
  }

  @Test
  void a_question_is_a_row_that_an_operator_can_read() throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.b).call("ask_name");
    var question = call.sse().nextMessage("elicitation/create");

    var row =
        trio.db.sql(
            """
            select p.asker, p.method, p.outcome, p.deadline > p.created_at as future
              from trunkline.pending_requests p
              join trunkline.sessions s using (session_key)
             where s.session_id = ? and p.pending_id = ?
            """,
            client.sessionId(),
            question.get("id").asLong());

    assertThat(row.rows().getFirst())
        .containsEntry("asker", trio.b.id())
        .containsEntry("method", "elicitation/create")
        .containsEntry("outcome", null)
        .containsEntry("future", true);
    client.on(trio.c).respond(question, Trio.ADA);
    assertThat(call.text()).isEqualTo("hello Ada");
  }

  @Test
  void a_second_answer_is_accepted_and_ignored() throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.a).call("ask_name");
    var question = call.sse().nextMessage("elicitation/create");

    client.on(trio.b).respond(question, Trio.ADA);
    var second = client.on(trio.c).respond(question, Trio.EVE);

    assertThat(second.status()).isEqualTo(202);
    assertThat(call.text()).isEqualTo("hello Ada");
    trio.c.events().await(AnswerUnwanted.class);
  }

  @Test
  void an_answer_from_another_session_does_not_count() throws InterruptedException {
    var asked = trio.connected(trio.a);
    var stranger = trio.connected(trio.b);
    var call = asked.on(trio.a).call("ask_name");
    var question = call.sse().nextMessage("elicitation/create");

    stranger.on(trio.b).respond(question, Trio.EVE);
    asked.on(trio.c).respond(question, Trio.ADA);

    assertThat(call.text()).isEqualTo("hello Ada");
  }

  @Test
  void one_request_id_in_two_sessions_never_crosses() throws InterruptedException {
    var one = trio.connected(trio.a);
    var other = trio.connected(trio.b);
    var params = json("{'name':'ask_name','arguments':{}}");
    var first = one.on(trio.a).requestAs("77", "tools/call", params);
    var second = other.on(trio.a).requestAs("77", "tools/call", params);
    var firstQuestion = first.sse().nextMessage("elicitation/create");
    var secondQuestion = second.sse().nextMessage("elicitation/create");

    other.on(trio.c).respond(secondQuestion, Trio.EVE);
    one.on(trio.b).respond(firstQuestion, Trio.ADA);

    assertThat(first.text()).isEqualTo("hello Ada");
    assertThat(second.text()).isEqualTo("hello Eve");
  }

  /// Within the patience of a read, and long before the deadline.
  @Test
  void a_question_that_an_operator_takes_back_is_as_one_whose_deadline_has_passed()
      throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.b).call("ask_name");
    var question = call.sse().nextMessage("elicitation/create");
    var id = question.get("id").asLong();

    assertThat(trio.db.sql("select trunkline.void_question(?)", id).value()).isEqualTo(true);

    var told = call.sse().nextMessage("notifications/cancelled");
    assertThat(told.at("/params/requestId").asLong()).isEqualTo(id);
    assertThat(call.text()).isEqualTo("no answer: EXPIRED");
    assertThat(trio.db.sql("select trunkline.void_question(?)", id).value())
        .as("it waits no longer")
        .isEqualTo(false);
    assertThat(client.on(trio.c).respond(question, Trio.ADA).status()).isEqualTo(202);
  }

  @Test
  void a_deadline_that_passes_is_told_to_the_tool_and_a_late_answer_is_harmless()
      throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.a).call("ask_name");
    var question = call.sse().nextMessage("elicitation/create");

    var voided = call.sse().nextMessage("notifications/cancelled");
    assertThat(voided.path("params").path("requestId")).isEqualTo(question.get("id"));
    assertThat(call.text()).startsWith("no answer: ");
    assertThat(client.on(trio.b).respond(question, Trio.ADA).status()).isEqualTo(202);
  }

  /// Goal: a question that is being published when its call is cancelled is taken back. Method: the
  /// call's stream is locked, so that the cancel overtakes the question.
  @Test
  void a_cancel_that_overtakes_the_question_voids_it() throws Exception {
    var client = trio.connected(trio.a);
    var call = client.on(trio.a).call("ask_at_gate", Trio.named(trio.a.toString()));
    var id = client.on(trio.a).latestRequestId();
    call.sse().nextMessage("notifications/message");
    var stream =
        trio.db
            .sql(
                """
                select c.stream_id from trunkline.calls c join trunkline.sessions s using (session_key)
                 where s.session_id = ?
                """,
                client.sessionId())
            .number();

    try (var busy =
        OpenTransaction.on(
            trio.db, "select from trunkline.streams where stream_id = ? for update", stream)) {
      var _ =
          busy.block(() -> {
            trio.tools.gate(trio.a.toString()).open();
            return true;
          });
      client.on(trio.a).notify("notifications/cancelled", json("{'requestId':%d}", id));
      trio.a.events().await(CallCancelled.class);
    }

    trio.db.await(
        "exists (select from trunkline.pending_requests where outcome = 'cancelled' and stream_id = "
            + stream
            + ")",
        Duration.ofSeconds(20));
    var question = call.sse().nextMessage("elicitation/create");
    assertThat(call.sse().nextMessage("notifications/cancelled").path("params").path("requestId"))
        .isEqualTo(question.get("id"));
  }

  @Test
  void a_refusal_reaches_the_tool() throws InterruptedException {
    var client = trio.connected(trio.a);
    var declined = client.on(trio.b).call("ask_name");
    client
        .on(trio.c)
        .respond(declined.sse().nextMessage("elicitation/create"), json("{'action':'decline'}"));

    assertThat(declined.text()).isEqualTo("declined");
  }

  @Test
  void ping_crosses_too() throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.b).call("ping_client");

    client.on(trio.c).respond(call.sse().nextMessage("ping"), "{}");

    assertThat(call.text()).isEqualTo("there");
  }

  @Test
  void sampling_and_roots_cross_too() throws InterruptedException {
    var client = trio.connected(trio.a);
    var sampling = client.on(trio.a).call("ask_model");
    var roots = client.on(trio.b).call("ask_roots");

    client
        .on(trio.c)
        .respond(
            sampling.sse().nextMessage("sampling/createMessage"),
            """
            {"role":"assistant","model":"m","content":{"type":"text","text":"hi"}}
            """);
    client
        .on(trio.c)
        .respond(roots.sse().nextMessage("roots/list"), json("{'roots':[{'uri':'file:///w'}]}"));

    assertThat(sampling.text()).isEqualTo("hi");
    assertThat(roots.text()).isEqualTo("file:///w");
  }

  /// Each turn of the model arrives on another instance than the one before.
  @Test
  void a_model_that_uses_tools_goes_on_wherever_its_turns_arrive() throws InterruptedException {
    var client = trio.connected(trio.b, Trio.REVISION, json("{'sampling':{'tools':{}}}"));
    var call = client.on(trio.a).call("reckon");

    var first = call.sse().nextMessage("sampling/createMessage");
    assertThat(first.path("params").path("tools").path(0).path("name").asString()).isEqualTo("add");
    client.on(trio.b).respond(first, turn(use("one", 2, 3)));
    var second = call.sse().nextMessage("sampling/createMessage");
    assertThat(outcome(second)).isEqualTo("one 5");
    client.on(trio.c).respond(second, turn(use("two", 5, 4)));
    var third = call.sse().nextMessage("sampling/createMessage");
    assertThat(third.path("params").path("messages")).hasSize(5);
    assertThat(outcome(third)).isEqualTo("two 9");
    client.on(trio.a).respond(third, turn(json("{'type':'text','text':'nine'}")));

    assertThat(call.text()).isEqualTo("nine");
  }

  private static String turn(String content) {
    return json("{'role':'assistant','model':'m','content':[%s]}", content);
  }

  private static String use(String id, int a, int b) {
    return """
    {"type":"tool_use","id":"%s","name":"add","input":{"a":%d,"b":%d}}
    """
        .formatted(id, a, b)
        .strip();
  }

  /// What the model is told last.
  private static String outcome(JsonNode question) {
    var messages = question.path("params").path("messages");
    var block = messages.path(messages.size() - 1).path("content").path(0);
    return block.path("toolUseId").asString()
        + " "
        + block.path("content").path(0).path("text").asString();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          2025-11-25, '{"sampling":{}}'
          2025-06-18, '{"sampling":{"tools":{}}}'
          """)
  void a_model_that_cannot_use_tools_is_not_asked_to(String revision, String capabilities)
      throws InterruptedException {
    var client = trio.connected(trio.a, revision, capabilities);

    var refused = client.on(trio.b).call("reckon").result();

    assertThat(refused.path("isError").asBoolean()).isTrue();
    assertThat(refused.toString()).contains("did not declare", "SAMPLING_TOOLS");
  }

  @Test
  void a_capability_that_was_not_declared_is_not_asked_for() throws InterruptedException {
    var client = trio.connected(trio.a, Trio.REVISION, "{}");

    var response = client.on(trio.b).call("ask_name").response();

    assertThat(response.toString()).contains("elicitation");
    assertThat(response.has("error") || response.path("result").path("isError").asBoolean(false))
        .isTrue();
  }

  @Test
  void settled_questions_are_removed_once_by_whichever_sweep() throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.a).call("ask_name");
    client.on(trio.b).respond(call.sse().nextMessage("elicitation/create"), Trio.ADA);
    assertThat(call.text()).isEqualTo("hello Ada");
    trio.db.sql(
        """
        update trunkline.pending_requests
           set settled_at = settled_at - interval '1 day', deadline = deadline - interval '1 day'
        """);

    trio.b.server().sweepOnce();
    trio.c.server().sweepOnce();

    trio.db.await(
        "not exists (select from trunkline.pending_requests where settled_at is not null)",
        Duration.ofSeconds(10));
  }
}
