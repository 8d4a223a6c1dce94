package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import trunkline.testing.McpTestClient;
import trunkline.testing.OpenTransaction;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Requirement H4, stateful half: a task begins on one instance, and everything else about it
/// happens on others.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class TasksAcrossInstancesTest {
  private static final String RELATED = "io.modelcontextprotocol/related-task";

  private final Trio trio;
  private final String name = UUID.randomUUID().toString();
  private final Gate gate;

  TasksAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
    gate = trio.tools.gate(name);
  }

  @AfterEach
  void closeClients() {
    gate.open();
    trio.closeClients();
  }

  @Test
  void a_task_of_one_instance_is_looked_at_on_another_and_fetched_on_a_third()
      throws InterruptedException {
    var client = trio.connected(trio.a);

    var task = begin(client, trio.a, "wait_silently", Trio.named(name));
    assertThat(task.path("status").asString()).isEqualTo("working");
    assertThat(task.path("ttl").asLong()).isEqualTo(60_000);
    assertThat(task.path("pollInterval").asLong()).isPositive();
    assertThat(Instant.parse(task.path("createdAt").asString())).isBefore(Instant.MAX);
    assertThat(Instant.parse(task.path("lastUpdatedAt").asString())).isBefore(Instant.MAX);
    gate.awaitBegun();
    assertThat(status(client, trio.b, task)).isEqualTo("working");
    gate.open();

    var result = result(client, trio.c, task).result();
    assertThat(Reply.text(result)).isEqualTo("waited " + name);
    assertThat(related(result)).isEqualTo(id(task));
    var ended = client.on(trio.b).request("tasks/get", params(task)).result();
    assertThat(ended.path("status").asString()).isEqualTo("completed");
    assertThat(ended.has("_meta")).isFalse();
  }

  @Test
  void a_result_waits_until_the_task_has_ended() throws InterruptedException {
    var client = trio.connected(trio.a);
    var task = begin(client, trio.a, "wait_silently", Trio.named(name));

    var waiting = result(client, trio.b, task); // a stream, because it takes its time
    assertThat(waiting.isStream()).isTrue();
    gate.open();

    assertThat(waiting.text()).isEqualTo("waited " + name);
  }

  @Test
  void a_question_comes_on_the_stream_of_whoever_waits_and_is_answered_anywhere()
      throws InterruptedException {
    for (var waiting : trio.all()) {
      var client = trio.connected(trio.c);
      var task = begin(client, trio.a, "ask_name", "{}");
      awaitStatus(task, "input_required");
      assertThat(status(client, trio.b, task)).isEqualTo("input_required");

      var result = result(client, waiting, task);
      var question = result.sse().nextMessage("elicitation/create");
      assertThat(related(question.path("params"))).isEqualTo(id(task));
      client.on(trio.b).respond(question, Trio.ADA);

      assertThat(result.text()).isEqualTo("hello Ada");
      assertThat(status(client, trio.a, task)).isEqualTo("completed");
    }
  }

  @Test
  void a_result_that_is_dropped_and_repeated_asks_again_and_the_first_answer_counts()
      throws InterruptedException {
    var client = trio.connected(trio.a);
    var task = begin(client, trio.a, "ask_name", "{}");
    var dropped = result(client, trio.b, task).sse();
    var first = dropped.nextMessage("elicitation/create");

    var repeated = result(client, trio.c, task).sse();
    var second = repeated.nextMessage("elicitation/create");
    assertThat(second.get("id")).isNotEqualTo(first.get("id"));
    client.on(trio.a).respond(first, Trio.ADA);
    client.on(trio.a).respond(second, Trio.EVE);

    assertThat(Reply.text(repeated.nextResponse().path("result"))).isEqualTo("hello Ada");
    assertThat(Reply.text(dropped.nextResponse().path("result"))).isEqualTo("hello Ada");
  }

  @Test
  void what_was_answered_elsewhere_is_withdrawn() throws InterruptedException {
    var client = trio.connected(trio.a);
    var task = begin(client, trio.a, "ask_and_hold", Trio.named(name));
    var here = result(client, trio.b, task).sse();
    var there = result(client, trio.c, task).sse();
    var first = here.nextMessage("elicitation/create");
    var second = there.nextMessage("elicitation/create");

    client.on(trio.a).respond(first, Trio.ADA);

    var withdrawn = there.nextMessage("notifications/cancelled");
    assertThat(withdrawn.path("params").path("requestId")).isEqualTo(second.get("id"));
    gate.awaitBegun();
    assertThat(status(client, trio.c, task)).isEqualTo("working");
  }

  /// Several others, because whoever looks begins with any of them.
  @Test
  void a_task_that_somebody_keeps_locked_holds_up_no_other() throws Exception {
    var client = trio.connected(trio.a);
    var locked = begin(client, trio.a, "ask_and_hold", Trio.named(name));
    var waiting = result(client, trio.b, locked);
    var question = waiting.sse().nextMessage("elicitation/create");
    var others = new ArrayList<Reply>();
    for (var i = 0; i < 4; i++) {
      others.add(result(client, trio.b, begin(client, trio.a, "ask_name", "{}")));
    }

    try (var operator =
        OpenTransaction.on(
            trio.db,
            "select from trunkline.tasks where task_id = '%s' for update".formatted(id(locked)))) {
      client.on(trio.c).respond(question, Trio.ADA);
      for (var other : others) {
        client.on(trio.c).respond(other.sse().nextMessage("elicitation/create"), Trio.EVE);
        assertThat(other.text()).isEqualTo("hello Eve");
      }
      operator.commit();
    }

    gate.awaitBegun();
    gate.open();
    assertThat(waiting.text()).isEqualTo("held for Ada");
  }

  @Test
  void another_session_may_wait_and_answer_and_the_first_may_end() throws InterruptedException {
    var beginner = trio.connected(trio.a);
    var task = begin(beginner, trio.a, "ask_name", "{}");
    beginner.on(trio.b).delete();

    var heir = trio.connected(trio.b);
    var result = result(heir, trio.c, task);
    heir.on(trio.a).respond(result.sse().nextMessage("elicitation/create"), Trio.ADA);

    assertThat(result.text()).isEqualTo("hello Ada");
  }

  @Test
  void a_session_that_cannot_answer_is_not_asked() throws InterruptedException {
    var client = trio.connected(trio.a);
    var task = begin(client, trio.a, "ask_name", "{}");
    awaitStatus(task, "input_required");
    var mute = trio.connected(trio.b, Trio.REVISION, "{}");

    var waiting = result(mute, trio.b, task).sse();
    client.on(trio.c).request("tasks/cancel", params(task));

    assertThat(waiting.nextMessage().has("error")).isTrue(); // and nothing before it
  }

  @Test
  void a_cancel_from_anywhere_is_final_when_it_is_answered() throws InterruptedException {
    for (var cancelling : trio.all()) {
      var held = UUID.randomUUID().toString();
      var client = trio.connected(trio.a);
      var task = begin(client, trio.a, "wait_silently", Trio.named(held));
      trio.tools.gate(held).awaitBegun();
      var waiting = result(client, trio.b, task);

      var cancelled = client.on(cancelling).request("tasks/cancel", params(task)).result();
      assertThat(cancelled.path("status").asString()).isEqualTo("cancelled");
      assertThat(status(client, trio.c, task)).isEqualTo("cancelled");

      trio.tools.gate(held).awaitInterrupted();
      assertThat(waiting.error().path("message").asString()).contains("cancelled");
      var again = client.on(trio.c).request("tasks/cancel", params(task)).error();
      assertThat(again.path("code").asInt()).isEqualTo(-32602);
      assertThat(again.path("message").asString()).contains("cancelled already");
      assertThat(status(client, trio.b, task)).isEqualTo("cancelled");
    }
  }

  @Test
  void an_operator_cancels_with_sql() throws InterruptedException {
    var client = trio.connected(trio.b);
    var task = begin(client, trio.b, "wait_silently", Trio.named(name));
    gate.awaitBegun();

    assertThat(trio.db.sql("select trunkline.cancel_task(?)", id(task)).value()).isEqualTo(true);

    gate.awaitInterrupted();
    assertThat(status(client, trio.a, task)).isEqualTo("cancelled");
    assertThat(trio.db.sql("select trunkline.cancel_task(?)", id(task)).value()).isEqualTo(false);
  }

  @Test
  void a_tool_that_fails_fails_its_task_and_the_result_says_how() throws InterruptedException {
    var client = trio.connected(trio.a);
    var failed = begin(client, trio.a, "later", json("{'text':'fail'}"));
    var broken = begin(client, trio.b, "later", json("{'text':'break'}"));
    var refused = begin(client, trio.c, "later", json("{'txt':1}"));

    var result = result(client, trio.b, failed).result();
    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(Reply.text(result)).isEqualTo("it did not work");
    var error = result(client, trio.c, broken).error();
    assertThat(error.path("code").asInt()).isEqualTo(-32602);
    assertThat(result(client, trio.a, refused).text()).contains("Invalid arguments");
    for (var task : List.of(failed, broken, refused)) {
      assertThat(status(client, trio.a, task)).isEqualTo("failed");
    }
  }

  /// A status message is read by people, in a table of the database.
  @Test
  void an_error_that_no_column_would_take_is_told_in_short() throws InterruptedException {
    var client = trio.connected(trio.a);
    var task = begin(client, trio.a, "later", json("{'text':'shout'}"));

    var result = result(client, trio.b, task).result();
    assertThat(Reply.text(result)).hasSize(TalkingTools.SHOUT.length()).startsWith("no\0no");
    var message = look(client, trio.c, task).path("statusMessage").asString();
    assertThat(message).hasSize(200).startsWith("nono");
  }

  @Test
  void progress_and_log_and_status_come_on_the_standalone_stream() throws InterruptedException {
    var client = trio.connected(trio.a);
    var standalone = client.on(trio.c).get().sse();
    var task =
        client
            .on(trio.b)
            .request(
                "tools/call",
                """
                {"name":"later","arguments":{"text":"hi"},"task":{},"_meta":{"progressToken":"p"}}
                """)
            .result()
            .path("task");

    var progress = standalone.nextMessage("notifications/progress").path("params");
    assertThat(progress.path("progressToken").asString()).isEqualTo("p");
    assertThat(related(progress)).isEqualTo(id(task));
    assertThat(related(standalone.nextMessage("notifications/message").path("params")))
        .isEqualTo(id(task));
    var news = standalone.nextMessage("notifications/tasks/status").path("params");
    assertThat(news.path("taskId").asString()).isEqualTo(id(task));
    assertThat(news.path("status").asString()).isEqualTo("completed");
    assertThat(news.has("_meta")).isFalse();
  }

  @Test
  void a_task_whose_time_is_over_is_gone_and_its_handler_stops() throws InterruptedException {
    var client = trio.connected(trio.a);
    var task = begin(client, trio.a, "wait_silently", Trio.named(name));
    gate.awaitBegun();
    var waiting = result(client, trio.b, task);

    trio.db.sql(
        "update trunkline.tasks set expires_at = clock_timestamp() where task_id = ?", id(task));

    gate.awaitInterrupted();
    assertThat(waiting.error().path("code").asInt()).isEqualTo(-32602);
    for (var method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
      var error = client.on(trio.c).request(method, params(task)).error();
      assertThat(error.path("code").asInt()).isEqualTo(-32602);
      assertThat(error.path("message").asString()).contains("Task not found");
    }
    trio.c.server().sweepOnce();
    trio.db.await(
        "not exists (select from trunkline.tasks where task_id = '%s')".formatted(id(task)),
        Trio.PATIENCE);
  }

  @Test
  void a_client_without_a_name_has_no_list() throws InterruptedException {
    var client = trio.client();
    var agreed = client.on(trio.a).connect(Trio.REVISION, Trio.EVERYTHING);

    assertThat(agreed.path("capabilities").path("tasks").toString())
        .isEqualTo(json("{'cancel':{},'requests':{'tools':{'call':{}}}}"));
    assertThat(client.on(trio.b).request("tasks/list").error().path("code").asInt())
        .isEqualTo(-32601);
  }

  @Test
  void support_is_declared_and_kept_to() throws InterruptedException {
    var client = trio.connected(trio.a);
    var tools = client.on(trio.b).request("tools/list").result().path("tools");

    assertThat(support(tools, "echo")).isEmpty();
    assertThat(support(tools, "hold")).isEqualTo("optional");
    assertThat(support(tools, "later")).isEqualTo("required");
    var forbidden =
        client
            .on(trio.b)
            .request("tools/call", json("{'name':'echo','arguments':{'text':'x'},'task':{}}"));
    assertThat(forbidden.error().path("code").asInt()).isEqualTo(-32601);
    var plain = client.on(trio.c).call("later", json("{'text':'x'}"));
    assertThat(plain.error().path("code").asInt()).isEqualTo(-32601);
    var odd =
        client.on(trio.c).request("tools/call", json("{'name':'hold','task':{'ttl':'long'}}"));
    assertThat(odd.error().path("message").asString()).contains("params.task.ttl");
  }

  @Test
  void an_older_client_calls_plainly_and_knows_no_tasks() throws InterruptedException {
    var client = trio.client();
    var agreed = client.on(trio.a).connect("2025-06-18");

    assertThat(agreed.path("capabilities").has("tasks")).isFalse();
    var tools = client.on(trio.b).request("tools/list").result().path("tools");
    assertThat(tools.toString()).doesNotContain("taskSupport");
    var called =
        client
            .on(trio.b)
            .request("tools/call", json("{'name':'later','arguments':{'text':'x'},'task':{}}"));
    assertThat(called.text()).isEqualTo("x");
    var get = client.on(trio.c).request("tasks/get", json("{'taskId':'%032d'}", 1));
    assertThat(get.error().path("code").asInt()).isEqualTo(-32601);
  }

  private JsonNode begin(McpTestClient client, Instance instance, String tool, String arguments)
      throws InterruptedException {
    return client
        .on(instance)
        .request(
            "tools/call",
            json("{'name':'%s','arguments':%s,'task':{'ttl':60000}}", tool, arguments))
        .result()
        .path("task");
  }

  private static Reply result(McpTestClient client, Instance instance, JsonNode task) {
    return client.on(instance).request("tasks/result", params(task));
  }

  private static String status(McpTestClient client, Instance instance, JsonNode task)
      throws InterruptedException {
    return look(client, instance, task).path("status").asString();
  }

  private static JsonNode look(McpTestClient client, Instance instance, JsonNode task)
      throws InterruptedException {
    return client.on(instance).request("tasks/get", params(task)).result();
  }

  private void awaitStatus(JsonNode task, String status) {
    trio.db.await(
        "exists (select from trunkline.tasks where task_id = '%s' and status = '%s')"
            .formatted(id(task), status),
        Trio.PATIENCE);
  }

  private static String params(JsonNode task) {
    return json("{'taskId':'%s'}", id(task));
  }

  private static String id(JsonNode task) {
    return task.path("taskId").asString();
  }

  private static String related(JsonNode marked) {
    return marked.path("_meta").path(RELATED).path("taskId").asString("");
  }

  private static String support(JsonNode tools, String name) {
    return tools
        .valueStream()
        .filter(tool -> tool.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow()
        .path("execution")
        .path("taskSupport")
        .asString("");
  }
}
