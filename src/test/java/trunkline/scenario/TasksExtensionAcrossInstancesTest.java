package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import trunkline.testing.Json;
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
  private static final String CAPABILITIES =
      "{'elicitation':{},'extensions':{'io.modelcontextprotocol/tasks':{}}}";

  private final TestCluster cluster;
  private final String gate = UUID.randomUUID().toString();
  private final StatelessTestClient ada =
      new StatelessTestClient(CAPABILITIES).withHeader("Authorization", "Bearer a-token");
  private final StatelessTestClient bob =
      new StatelessTestClient(CAPABILITIES).withHeader("Authorization", "Bearer b-token");
  private Instance a;
  private Instance b;
  private Instance c;

  TasksExtensionAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    var file =
        Files.write(
            folder.resolve("tokens"),
            List.of("ada " + sha256("a-token"), "bob " + sha256("b-token")));
    cluster
        .with(ExtensionTools.ALL)
        .with("bearer-tokens-file", file.toString())
        .with("lease", "2s")
        .with("principal-tasks-max", "3");
    cluster.database().sql("delete from trunkline.tasks"); // what another test has left
    cluster.database().sql("delete from trunkline.task_inputs");
    a = cluster.start("a");
    b = cluster.start("b");
    c = cluster.start("c");
  }

  @AfterEach
  void close() {
    ExtensionTools.open(gate);
    ada.close();
    bob.close();
  }

  private static String sha256(String text) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private String gated() {
    return "{\"gate\":\"" + gate + "\"}";
  }

  private static String named(String name) {
    return "{'action':'accept','content':{'name':'%s'}}".formatted(name);
  }

  private static String params(JsonNode task) {
    return json("{'taskId':'%s'}", task.path("taskId").asString());
  }

  private JsonNode created(Instance at, String tool, String arguments) throws Exception {
    var task = ada.on(at).call(tool, arguments).result();
    assertThat(task.path("resultType").asString()).isEqualTo("task");
    return task;
  }

  private JsonNode get(Instance at, JsonNode task) throws Exception {
    return ada.on(at).request("tasks/get", params(task)).result();
  }

  private JsonNode update(Instance at, JsonNode task, String answers) throws Exception {
    var params = Json.of(params(task)).deepCopy().toString();
    return ada.on(at)
        .request(
            "tasks/update",
            params.substring(0, params.length() - 1) + ",'inputResponses':" + answers + "}")
        .result();
  }

  /// Looks, on whichever instance, until it is there.
  private JsonNode awaitStatus(Instance at, JsonNode task, String status) throws Exception {
    cluster
        .database()
        .await(
            "exists (select from trunkline.tasks where task_id = '%s' and status in (%s))"
                .formatted(
                    task.path("taskId").asString(),
                    status.equals("completed") ? "'completed', 'failed'" : "'" + status + "'"),
            Trio.FAULT_PATIENCE);
    var found = get(at, task);
    assertThat(found.path("status").asString()).as(found.toString()).isEqualTo(status);
    return found;
  }

  private McpTestClient inSession(Instance at) throws InterruptedException {
    var client = new McpTestClient().withHeader("Authorization", "Bearer a-token");
    client.on(at).connect(Trio.REVISION, Trio.EVERYTHING);
    return client;
  }

  private static void requireBare(JsonNode acknowledged) {
    assertThat(acknowledged.propertyNames()).containsExactlyInAnyOrder("resultType", "_meta");
    assertThat(acknowledged.path("resultType").asString()).isEqualTo("complete");
  }

  private void kill(Instance instance) {
    instance.kill();
    cluster
        .database()
        .await(
            "exists (select from trunkline.instances where instance_id = %d and dead_at is not null)"
                .formatted(instance.id()),
            Trio.FAULT_PATIENCE);
  }

  @Test
  void a_call_becomes_a_task_that_any_instance_knows_before_its_client_does() throws Exception {
    var task = created(a, "hold", gated());

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
    var seen = get(b, task);
    assertThat(seen.path("resultType").asString()).isEqualTo("complete");
    assertThat(seen.path("status").asString()).isEqualTo("working");
    assertThat(seen.has("result")).isFalse();
    ExtensionTools.open(gate);

    var ended = awaitStatus(c, task, "completed");
    assertThat(Reply.text(ended.path("result"))).isEqualTo("held " + gate);
    assertThat(ended.toString()).doesNotContain("related-task");
  }

  @Test
  void what_it_asks_is_answered_anywhere_in_parts_and_gone_at_once() throws Exception {
    var task = created(a, "ask_both", "{}");
    var asked = awaitStatus(b, task, "input_required");
    for (var tries = 0; asked.path("inputRequests").size() < 2 && tries < 1_000; tries++) {
      asked = get(b, task); // two threads ask
    }
    assertThat(asked.path("inputRequests").propertyNames())
        .containsExactlyInAnyOrder("first", "question-2");
    assertThat(asked.at("/inputRequests/first/params/message").asString()).isEqualTo("First?");

    requireBare(update(c, task, "{'first':" + named("Ada") + ",'unknown':7}"));
    for (var at : List.of(a, b, c)) {
      var left = get(at, task);
      assertThat(left.path("status").asString()).isEqualTo("input_required");
      assertThat(left.path("inputRequests").propertyNames()).containsExactly("question-2");
    }
    requireBare(update(a, task, "{'first':" + named("Eve") + "}"));
    requireBare(update(b, task, "{'question-2':" + named("Lovelace") + "}"));
    assertThat(get(c, task).path("inputRequests").has("question-2")).isFalse();

    var third = awaitStatus(c, task, "input_required");
    assertThat(third.path("inputRequests").propertyNames()).containsExactly("question-3");
    requireBare(update(b, task, "{'question-3':" + named("Byron") + "}"));
    assertThat(Reply.text(awaitStatus(a, task, "completed").path("result")))
        .isEqualTo("Ada Lovelace Byron");
    requireBare(update(b, task, "{'question-3':" + named("late") + "}"));
  }

  @Test
  void an_answer_that_is_none_is_refused_and_changes_nothing() throws Exception {
    var task = created(a, "ask_both", "{}");
    awaitStatus(b, task, "input_required");

    var params =
        "{'taskId':'" + task.path("taskId").asString() + "','inputResponses':{'question-2':7}}";
    cluster
        .database()
        .await(
            "exists (select from trunkline.task_inputs where name = 'question-2')", Trio.PATIENCE);
    assertThat(ada.on(b).request("tasks/update", params).error().path("code").asInt())
        .isEqualTo(-32602);
    assertThat(get(c, task).path("inputRequests").has("question-2")).isTrue();
  }

  @Test
  void a_cancel_is_acknowledged_from_anywhere_and_again() throws Exception {
    var task = created(a, "hold", gated());
    ExtensionTools.awaitBegun(gate);

    requireBare(ada.on(b).request("tasks/cancel", params(task)).result());

    ExtensionTools.awaitStopped(gate);
    var cancelled = get(c, task);
    assertThat(cancelled.path("status").asString()).isEqualTo("cancelled");
    assertThat(cancelled.has("result") || cancelled.has("error")).isFalse();
    requireBare(ada.on(c).request("tasks/cancel", params(task)).result());
  }

  @Test
  void a_tool_that_fails_has_completed_and_an_error_of_the_protocol_has_failed() throws Exception {
    var failed = created(a, "fail", "{}");
    var broken = created(b, "break", "{}");

    var result = awaitStatus(c, failed, "completed");
    assertThat(result.path("result").path("isError").asBoolean()).isTrue();
    assertThat(result.has("error")).isFalse();
    var error = awaitStatus(a, broken, "failed");
    assertThat(error.path("error").path("code").asInt()).isEqualTo(-32602);
    assertThat(error.has("result")).isFalse();
    try (var session = inSession(b)) { // where a tool that fails is a task that failed
      assertThat(status(session, c, failed)).isEqualTo("failed");
    }
  }

  @Test
  void who_did_not_say_that_it_knows_tasks_gets_none() throws Exception {
    try (var mute =
        new StatelessTestClient("{'elicitation':{}}")
            .withHeader("Authorization", "Bearer a-token")) {
      ExtensionTools.open(gate);
      assertThat(mute.on(a).call("hold", gated()).text()).isEqualTo("held " + gate);
      var refused = mute.on(a).call("fail", "{}");
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
        assertThat(mute.on(b).request(method, params).error().path("code").asInt())
            .isEqualTo(-32021);
      }
    }
    var plain =
        ada.on(a).request("tools/call", "{'name':'greet','arguments':{},'task':{}}").result();
    assertThat(plain.path("resultType").asString()).isEqualTo("complete");
    var wrong = ada.on(a).call("hold", "{}").result();
    assertThat(wrong.path("resultType").asString()).isEqualTo("complete");
    assertThat(wrong.path("isError").asBoolean()).isTrue();
  }

  @Test
  void the_extension_is_declared_and_nothing_of_the_other_design_is() throws Exception {
    var capabilities = ada.on(a).request("server/discover", "{}").result().path("capabilities");
    assertThat(capabilities.path("extensions").has(EXTENSION)).isTrue();
    assertThat(capabilities.has("tasks")).isFalse();
    var task = created(a, "hold", gated());
    for (var method : List.of("tasks/result", "tasks/list")) {
      var reply = ada.on(b).request(method, params(task));
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.error().path("code").asInt()).isEqualTo(-32601);
    }
  }

  @Test
  void for_others_and_after_its_time_there_is_no_task() throws Exception {
    var task = created(a, "hold", gated());
    var update = "{'taskId':'" + task.path("taskId").asString() + "','inputResponses':{}}";
    for (var method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
      assertThat(bob.on(b).request(method, update).error().path("code").asInt()).isEqualTo(-32602);
    }
    cluster
        .database()
        .sql(
            "update trunkline.tasks set expires_at = clock_timestamp() where task_id = ?",
            task.path("taskId").asString());
    for (var method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
      assertThat(ada.on(b).request(method, update).error().path("code").asInt()).isEqualTo(-32602);
    }
  }

  @Test
  void a_principal_has_so_many_unfinished_ones_and_no_more() throws Exception {
    for (var instance : List.of(a, b, c)) {
      created(instance, "hold", gated());
    }
    var refused = ada.on(a).call("hold", gated()).error();
    assertThat(refused.path("data").path("limit").asString()).isEqualTo("principal-tasks-max");
    assertThat(bob.on(a).call("hold", gated()).result().path("resultType").asString())
        .isEqualTo("task");
    ExtensionTools.open(gate);
  }

  @Test
  void a_task_of_one_era_is_seen_in_the_other() throws Exception {
    var task = created(a, "ask_both", "{}");
    awaitStatus(b, task, "input_required");
    try (var session = inSession(c)) {
      var listed = session.on(b).request("tasks/list").result().path("tasks");
      assertThat(listed.size()).isOne();
      assertThat(listed.path(0).path("taskId")).isEqualTo(task.path("taskId"));
      assertThat(listed.path(0).has("ttl")).isTrue();
      var result = session.on(c).request("tasks/result", params(task)).sse();
      var first = result.nextMessage("elicitation/create");
      var second = result.nextMessage("elicitation/create");
      for (var question : List.of(first, second)) {
        assertThat(question.at("/params/_meta/io.modelcontextprotocol~1related-task/taskId"))
            .isEqualTo(task.path("taskId"));
        session.on(a).respond(question, json(named("Ada")));
      }
      var third = result.nextMessage("elicitation/create");
      assertThat(third.at("/params/message").asString()).isEqualTo("Third?");
      update(b, task, "{'question-3':" + named("Byron") + "}"); // and the session's is withdrawn
      assertThat(Reply.text(result.nextResponse().path("result"))).isEqualTo("Ada Ada Byron");

      var other =
          session
              .on(a)
              .request("tools/call", json("{'name':'ask_both','arguments':{},'task':{}}"))
              .result()
              .path("task");
      var asked = awaitStatus(b, other, "input_required");
      assertThat(asked.toString()).doesNotContain("related-task");
      assertThat(asked.has("ttlMs")).isTrue();
      requireBare(ada.on(c).request("tasks/cancel", params(other)).result());
      assertThat(status(session, b, other)).isEqualTo("cancelled");
    }
  }

  private static String status(McpTestClient session, Instance at, JsonNode task)
      throws InterruptedException {
    return session.on(at).request("tasks/get", params(task)).result().path("status").asString();
  }

  @Test
  void a_call_goes_on_as_a_task_with_what_was_answered_and_done_before() throws Exception {
    ExtensionTools.PAID.set(0);
    var asked = ada.on(a).call("later", "{}").result();
    assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
    assertThat(asked.has("taskId")).isFalse();

    var task =
        ada.on(b).answer("later", "{}", asked, "{'question-1':" + named("Alice") + "}").result();
    assertThat(task.path("resultType").asString()).isEqualTo("task");
    assertThat(task.has("requestState") || task.has("inputRequests")).isFalse();
    var waiting = awaitStatus(c, task, "input_required");
    assertThat(waiting.path("inputRequests").propertyNames()).containsExactly("question-2");
    kill(b); // also the next run knows what was said before the first
    awaitRun(task, 2);
    update(a, task, "{'question-2':" + named("Bob") + "}");

    assertThat(Reply.text(awaitStatus(c, task, "completed").path("result")))
        .isEqualTo("Alice paid 1 Bob");
  }

  @Test
  void where_there_can_be_no_task_the_call_goes_on_as_it_is() throws Exception {
    ExtensionTools.PAID.set(0);
    try (var mute =
        new StatelessTestClient("{'elicitation':{}}")
            .withHeader("Authorization", "Bearer a-token")) {
      var first = mute.on(a).call("later", "{}").result();
      var second =
          mute.on(b).answer("later", "{}", first, "{'question-1':" + named("Alice") + "}").result();
      assertThat(second.path("inputRequests").propertyNames()).containsExactly("question-2");
      assertThat(
              mute.on(c)
                  .answer("later", "{}", second, "{'question-2':" + named("Bob") + "}")
                  .text())
          .isEqualTo("Alice paid 1 Bob");
    }
  }

  private void awaitRun(JsonNode task, int run) {
    cluster
        .database()
        .await(
            "exists (select from trunkline.tasks where task_id = '%s' and run = %d and status = 'input_required')"
                .formatted(task.path("taskId").asString(), run),
            Trio.FAULT_PATIENCE);
  }

  @Test
  void what_may_run_again_does_when_its_instance_is_killed() throws Exception {
    var task = created(a, "hold_again", gated());
    ExtensionTools.awaitBegun(gate);
    kill(a);
    ExtensionTools.open(gate);

    assertThat(Reply.text(awaitStatus(b, task, "completed").path("result")))
        .isEqualTo("held " + gate);
    assertThat(
            cluster
                .database()
                .sql(
                    "select run from trunkline.tasks where task_id = ?",
                    task.path("taskId").asString())
                .number())
        .isEqualTo(2);
  }

  @Test
  void any_other_has_failed_and_says_why() throws Exception {
    var task = created(a, "hold", gated());
    ExtensionTools.awaitBegun(gate);
    kill(a);

    var failed = awaitStatus(b, task, "failed");
    assertThat(failed.path("error").path("data").path("reason").asString())
        .isEqualTo("executor_lost");
  }

  @Test
  void who_listens_is_told_how_it_stands_at_first_and_after_each_change() throws Exception {
    var task = created(a, "ask_both", "{}");
    var other = bob.on(a).call("hold", gated()).result();
    awaitStatus(b, task, "input_required");
    var id = task.path("taskId").asString();
    var news =
        ada.on(c)
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

    update(b, task, "{'first':" + named("Ada") + "}");
    assertThat(told(news).path("inputRequests").propertyNames()).containsExactly("question-2");
    ada.on(b).request("tasks/cancel", params(task)).result();
    assertThat(told(news).path("status").asString()).isEqualTo("cancelled");
    assertThat(news.isEnded()).isFalse();
  }

  private static JsonNode told(RawSse news) throws InterruptedException {
    return news.nextMessage("notifications/tasks").path("params");
  }

  @Test
  void who_listens_to_tasks_has_to_know_them() throws Exception {
    try (var mute = new StatelessTestClient().withHeader("Authorization", "Bearer a-token")) {
      var refused = mute.on(a).request("subscriptions/listen", "{'notifications':{'taskIds':[]}}");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.error().path("code").asInt()).isEqualTo(-32021);
    }
  }

  /// An answer that was acknowledged while nobody ran the task is the next run's.
  @Test
  void an_answer_that_came_while_the_executor_was_dead_counts() throws Exception {
    var task = created(a, "ask_both", "{}");
    awaitStatus(b, task, "input_required");
    cluster
        .database()
        .await(
            "exists (select from trunkline.task_inputs where name = 'question-2')", Trio.PATIENCE);
    a.kill();
    requireBare(update(b, task, "{'first':" + named("Ada") + "}"));
    assertThat(get(c, task).path("inputRequests").has("first")).isFalse();

    awaitRun(task, 2);
    cluster
        .database()
        .await(
            "exists (select from trunkline.task_inputs where name = 'question-2' and run = 2)",
            Trio.FAULT_PATIENCE);
    assertThat(get(c, task).path("inputRequests").propertyNames()).containsExactly("question-2");
    update(c, task, "{'question-2':" + named("Lovelace") + "}");
    cluster
        .database()
        .await(
            "exists (select from trunkline.task_inputs where name = 'question-3')", Trio.PATIENCE);
    update(b, task, "{'question-3':" + named("Byron") + "}");
    assertThat(Reply.text(awaitStatus(c, task, "completed").path("result")))
        .isEqualTo("Ada Lovelace Byron");
  }
}
