package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.scenario.ExtensionTrio.named;
import static trunkline.scenario.ExtensionTrio.params;
import static trunkline.scenario.ExtensionTrio.requireBare;
import static trunkline.testing.Json.json;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Requirement H4, stateless half: the server makes a task of a call, and everything else about it
/// happens on other instances.
@Tag("cluster")
class TasksExtensionAcrossInstancesTest {
  private static final String EXTENSION = "io.modelcontextprotocol/tasks";

  private final TestCluster cluster;
  private ExtensionTrio trio;

  TasksExtensionAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    trio = new ExtensionTrio(cluster, folder);
  }

  @AfterEach
  void close() {
    trio.close();
  }

  private McpTestClient inSession(Instance at) throws InterruptedException {
    var client = new McpTestClient().withHeader("Authorization", "Bearer a-token");
    client.on(at).connect(Trio.REVISION, Trio.EVERYTHING);
    return client;
  }

  @Test
  void a_call_becomes_a_task_that_any_instance_knows_before_its_client_does() throws Exception {
    var task = trio.created(trio.a, "hold", trio.gated());

    assertThat(task.propertyNames())
        .containsExactlyInAnyOrder(
            "resultType",
            "taskId",
            "status",
            "createdAt",
            "lastUpdatedAt",
            "ttlMs",
            "pollIntervalMs",
            "_meta");
    assertThat(task.path("_meta").propertyNames())
        .containsExactly("io.modelcontextprotocol/serverInfo");
    assertThat(task.path("status").asString()).isEqualTo("working");
    assertThat(Instant.parse(task.path("createdAt").asString())).isBefore(Instant.MAX);
    var seen = trio.get(trio.b, task);
    assertThat(seen.path("resultType").asString()).isEqualTo("complete");
    assertThat(seen.path("status").asString()).isEqualTo("working");
    assertThat(seen.has("result")).isFalse();
    ExtensionTools.open(trio.gate);

    var ended = trio.awaitStatus(trio.c, task, "completed");
    assertThat(Reply.text(ended.path("result"))).isEqualTo("held " + trio.gate);
    assertThat(ended.toString()).doesNotContain("related-task");
  }

  @Test
  void what_it_asks_is_answered_anywhere_in_parts_and_gone_at_once() throws Exception {
    var task = trio.created(trio.a, "ask_both", "{}");
    var asked = trio.awaitStatus(trio.b, task, "input_required");
    for (var tries = 0; asked.path("inputRequests").size() < 2 && tries < 1_000; tries++) {
      asked = trio.get(trio.b, task); // two threads ask
    }
    assertThat(asked.path("inputRequests").propertyNames())
        .containsExactlyInAnyOrder("first", "question-2");
    assertThat(asked.at("/inputRequests/first/params/message").asString()).isEqualTo("First?");

    requireBare(trio.update(trio.c, task, "{'first':" + named("Ada") + ",'unknown':7}"));
    for (var at : List.of(trio.a, trio.b, trio.c)) {
      var left = trio.get(at, task);
      assertThat(left.path("status").asString()).isEqualTo("input_required");
      assertThat(left.path("inputRequests").propertyNames()).containsExactly("question-2");
    }
    requireBare(trio.update(trio.a, task, "{'first':" + named("Eve") + "}"));
    requireBare(trio.update(trio.b, task, "{'question-2':" + named("Lovelace") + "}"));
    assertThat(trio.get(trio.c, task).path("inputRequests").has("question-2")).isFalse();

    var third = trio.awaitStatus(trio.c, task, "input_required");
    assertThat(third.path("inputRequests").propertyNames()).containsExactly("question-3");
    requireBare(trio.update(trio.b, task, "{'question-3':" + named("Byron") + "}"));
    assertThat(Reply.text(trio.awaitStatus(trio.a, task, "completed").path("result")))
        .isEqualTo("Ada Lovelace Byron");
    requireBare(trio.update(trio.b, task, "{'question-3':" + named("late") + "}"));
  }

  @Test
  void an_answer_that_is_none_is_refused_and_changes_nothing() throws Exception {
    var task = trio.created(trio.a, "ask_both", "{}");
    trio.awaitStatus(trio.b, task, "input_required");

    var params =
        "{'taskId':'" + task.path("taskId").asString() + "','inputResponses':{'question-2':7}}";
    trio.db.await(
        "exists (select from trunkline.task_inputs where name = 'question-2')", Trio.PATIENCE);
    assertThat(trio.ada.on(trio.b).request("tasks/update", params).error().path("code").asInt())
        .isEqualTo(-32602);
    assertThat(trio.get(trio.c, task).path("inputRequests").has("question-2")).isTrue();
  }

  @Test
  void a_cancel_is_acknowledged_from_anywhere_and_again() throws Exception {
    var task = trio.created(trio.a, "hold", trio.gated());
    ExtensionTools.awaitBegun(trio.gate);

    requireBare(trio.ada.on(trio.b).request("tasks/cancel", params(task)).result());

    ExtensionTools.awaitStopped(trio.gate);
    var cancelled = trio.get(trio.c, task);
    assertThat(cancelled.path("status").asString()).isEqualTo("cancelled");
    assertThat(cancelled.has("result") || cancelled.has("error")).isFalse();
    requireBare(trio.ada.on(trio.c).request("tasks/cancel", params(task)).result());
  }

  @Test
  void a_tool_that_fails_has_completed_and_an_error_of_the_protocol_has_failed() throws Exception {
    var failed = trio.created(trio.a, "fail", "{}");
    var broken = trio.created(trio.b, "break", "{}");

    var result = trio.awaitStatus(trio.c, failed, "completed");
    assertThat(result.path("result").path("isError").asBoolean()).isTrue();
    assertThat(result.has("error")).isFalse();
    var error = trio.awaitStatus(trio.a, broken, "failed");
    assertThat(error.path("error").path("code").asInt()).isEqualTo(-32602);
    assertThat(error.has("result")).isFalse();
    try (var session = inSession(trio.b)) { // where a tool that fails is a task that failed
      assertThat(status(session, trio.c, failed)).isEqualTo("failed");
    }
  }

  @Test
  void who_did_not_say_that_it_knows_tasks_gets_none() throws Exception {
    try (var mute =
        new StatelessTestClient("{'elicitation':{}}")
            .withHeader("Authorization", "Bearer a-token")) {
      ExtensionTools.open(trio.gate);
      assertThat(mute.on(trio.a).call("hold", trio.gated()).text()).isEqualTo("held " + trio.gate);
      var refused = mute.on(trio.a).call("fail", "{}");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.error().path("code").asInt()).isEqualTo(-32021);
      assertThat(
              refused
                  .error()
                  .path("data")
                  .path("requiredCapabilities")
                  .path("extensions")
                  .has(EXTENSION))
          .isTrue();
      for (var method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
        var params = "{'taskId':'" + "0".repeat(32) + "','inputResponses':{}}";
        assertThat(mute.on(trio.b).request(method, params).error().path("code").asInt())
            .isEqualTo(-32021);
      }
    }
    var plain =
        trio.ada
            .on(trio.a)
            .request("tools/call", "{'name':'greet','arguments':{},'task':{}}")
            .result();
    assertThat(plain.path("resultType").asString()).isEqualTo("complete");
    var wrong = trio.ada.on(trio.a).call("hold", "{}").result();
    assertThat(wrong.path("resultType").asString()).isEqualTo("complete");
    assertThat(wrong.path("isError").asBoolean()).isTrue();
  }

  @Test
  void the_extension_is_declared_and_nothing_of_the_other_design_is() throws Exception {
    var capabilities =
        trio.ada.on(trio.a).request("server/discover", "{}").result().path("capabilities");
    assertThat(capabilities.path("extensions").has(EXTENSION)).isTrue();
    assertThat(capabilities.has("tasks")).isFalse();
    var task = trio.created(trio.a, "hold", trio.gated());
    for (var method : List.of("tasks/result", "tasks/list")) {
      var reply = trio.ada.on(trio.b).request(method, params(task));
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.error().path("code").asInt()).isEqualTo(-32601);
    }
  }

  @Test
  void for_others_and_after_its_time_there_is_no_task() throws Exception {
    var task = trio.created(trio.a, "hold", trio.gated());
    var update = "{'taskId':'" + task.path("taskId").asString() + "','inputResponses':{}}";
    for (var method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
      assertThat(trio.bob.on(trio.b).request(method, update).error().path("code").asInt())
          .isEqualTo(-32602);
    }
    trio.db.sql(
        "update trunkline.tasks set expires_at = clock_timestamp() where task_id = ?",
        task.path("taskId").asString());
    for (var method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
      assertThat(trio.ada.on(trio.b).request(method, update).error().path("code").asInt())
          .isEqualTo(-32602);
    }
  }

  @Test
  void a_principal_has_so_many_unfinished_ones_and_no_more() throws Exception {
    for (var instance : List.of(trio.a, trio.b, trio.c)) {
      trio.created(instance, "hold", trio.gated());
    }
    var refused = trio.ada.on(trio.a).call("hold", trio.gated()).error();
    assertThat(refused.path("data").path("limit").asString()).isEqualTo("principal-tasks-max");
    assertThat(
            trio.bob.on(trio.a).call("hold", trio.gated()).result().path("resultType").asString())
        .isEqualTo("task");
    ExtensionTools.open(trio.gate);
  }

  @Test
  void a_task_of_one_era_is_seen_in_the_other() throws Exception {
    var task = trio.created(trio.a, "ask_both", "{}");
    trio.awaitStatus(trio.b, task, "input_required");
    try (var session = inSession(trio.c)) {
      var listed = session.on(trio.b).request("tasks/list").result().path("tasks");
      assertThat(listed.size()).isOne();
      assertThat(listed.path(0).path("taskId")).isEqualTo(task.path("taskId"));
      assertThat(listed.path(0).has("ttl")).isTrue();
      var result = session.on(trio.c).request("tasks/result", params(task)).sse();
      var first = result.nextMessage("elicitation/create");
      var second = result.nextMessage("elicitation/create");
      for (var question : List.of(first, second)) {
        assertThat(question.at("/params/_meta/io.modelcontextprotocol~1related-task/taskId"))
            .isEqualTo(task.path("taskId"));
        session.on(trio.a).respond(question, json(named("Ada")));
      }
      var third = result.nextMessage("elicitation/create");
      assertThat(third.at("/params/message").asString()).isEqualTo("Third?");
      trio.update(
          trio.b, task, "{'question-3':" + named("Byron") + "}"); // and the session's is withdrawn
      assertThat(Reply.text(result.nextResponse().path("result"))).isEqualTo("Ada Ada Byron");

      var other =
          session
              .on(trio.a)
              .request("tools/call", json("{'name':'ask_both','arguments':{},'task':{}}"))
              .result()
              .path("task");
      var asked = trio.awaitStatus(trio.b, other, "input_required");
      assertThat(asked.toString()).doesNotContain("related-task");
      assertThat(asked.has("ttlMs")).isTrue();
      requireBare(trio.ada.on(trio.c).request("tasks/cancel", params(other)).result());
      assertThat(status(session, trio.b, other)).isEqualTo("cancelled");
    }
  }

  private static String status(McpTestClient session, Instance at, JsonNode task)
      throws InterruptedException {
    return session.on(at).request("tasks/get", params(task)).result().path("status").asString();
  }

  @Test
  void where_there_can_be_no_task_the_call_goes_on_as_it_is() throws Exception {
    ExtensionTools.PAID.set(0);
    try (var mute =
        new StatelessTestClient("{'elicitation':{}}")
            .withHeader("Authorization", "Bearer a-token")) {
      var first = mute.on(trio.a).call("later", "{}").result();
      var second =
          mute.on(trio.b)
              .answer("later", "{}", first, "{'question-1':" + named("Alice") + "}")
              .result();
      assertThat(second.path("inputRequests").propertyNames()).containsExactly("question-2");
      assertThat(
              mute.on(trio.c)
                  .answer("later", "{}", second, "{'question-2':" + named("Bob") + "}")
                  .text())
          .isEqualTo("Alice paid 1 Bob");
    }
  }

  @Test
  void who_listens_is_told_how_it_stands_at_first_and_after_each_change() throws Exception {
    var task = trio.created(trio.a, "ask_both", "{}");
    var other = trio.bob.on(trio.a).call("hold", trio.gated()).result();
    trio.awaitStatus(trio.b, task, "input_required");
    var id = task.path("taskId").asString();
    var news =
        trio.ada
            .on(trio.c)
            .listen(
                "{'taskIds':['%s','%s','%s','x']}"
                    .formatted(id, other.path("taskId").asString(), "0".repeat(32)));
    var known = news.nextMessage("notifications/subscriptions/acknowledged");
    assertThat(known.at("/params/notifications/taskIds").toString()).isEqualTo("[\"" + id + "\"]");
    var first = told(news);
    assertThat(first.path("status").asString()).isEqualTo("input_required");
    assertThat(first.has("resultType")).isFalse();
    assertThat(first.path("_meta").path("io.modelcontextprotocol/subscriptionId").asString())
        .isEqualTo("listen");
    for (var tries = 0; first.path("inputRequests").size() < 2 && tries < 10; tries++) {
      first = told(news);
    }

    trio.update(trio.b, task, "{'first':" + named("Ada") + "}");
    assertThat(told(news).path("inputRequests").propertyNames()).containsExactly("question-2");
    trio.ada.on(trio.b).request("tasks/cancel", params(task)).result();
    assertThat(told(news).path("status").asString()).isEqualTo("cancelled");
    assertThat(news.isEnded()).isFalse();
  }

  private static JsonNode told(RawSse news) throws InterruptedException {
    return news.nextMessage("notifications/tasks").path("params");
  }

  @Test
  void who_listens_to_tasks_has_to_know_them() throws Exception {
    try (var mute = new StatelessTestClient().withHeader("Authorization", "Bearer a-token")) {
      var refused =
          mute.on(trio.a).request("subscriptions/listen", "{'notifications':{'taskIds':[]}}");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.error().path("code").asInt()).isEqualTo(-32021);
    }
  }
}
