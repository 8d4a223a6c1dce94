package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Running;

/// Requirement H4: the instance that runs a task is killed, or leaves.
@Tag("cluster")
class TaskFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String PIZZA =
      "{\"action\":\"accept\",\"content\":{\"size\":\"SMALL\",\"toppings\":[],\"glutenFree\":false}}";
  private static final String ADA = "{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}";

  @Test
  void a_task_that_may_run_again_does_when_its_instance_is_killed(TestCluster cluster)
      throws Exception {
    cluster.with("features", "sample").with("lease", "2s");
    var a = cluster.startProcess("a");
    var b = cluster.startProcess("b");
    var c = cluster.startProcess("c");
    try (var client = connected(b)) {
      var standalone = client.on(c.url()).get().sse();
      var task =
          client
              .on(a.url())
              .request(
                  "tools/call",
                  "{\"name\":\"bake\",\"arguments\":{\"seconds\":2},\"task\":{},\"_meta\":{\"progressToken\":1}}")
              .result()
              .path("task");
      standalone.nextMessage("notifications/progress");
      a.kill();

      var result = client.on(b.url()).request("tasks/result", params(task));
      assertThat(text(result.sse().nextMessage(PATIENCE).path("result")))
          .isEqualTo("The bread is ready.");
      var row = cluster.database().sql("select run, status from trunkline.tasks").rows().getFirst();
      assertThat(row).containsEntry("run", 2).containsEntry("status", "completed");
    } finally {
      c.close();
      b.close();
    }
  }

  @Test
  void any_other_has_failed_and_its_question_is_withdrawn(TestCluster cluster) throws Exception {
    cluster.with("features", "sample").with("lease", "2s");
    var a = cluster.startProcess("a");
    var b = cluster.startProcess("b");
    try (var client = connected(b)) {
      var task =
          client
              .on(a.url())
              .request("tools/call", "{\"name\":\"order_pizza\",\"task\":{}}")
              .result()
              .path("task");
      var waiting = client.on(b.url()).request("tasks/result", params(task)).sse();
      var question = waiting.nextMessage("elicitation/create");
      a.kill();

      var withdrawn = waiting.nextMessage(PATIENCE);
      assertThat(withdrawn.path("method").asString()).isEqualTo("notifications/cancelled");
      assertThat(withdrawn.path("params").path("requestId")).isEqualTo(question.get("id"));
      var error = waiting.nextMessage(PATIENCE).path("error");
      assertThat(error.path("data").path("reason").asString()).isEqualTo("executor_lost");
      assertThat(client.on(b.url()).respond(question, PIZZA).status()).isEqualTo(202);
      assertThat(status(client, b, task)).isEqualTo("failed");
    } finally {
      b.close();
    }
  }

  /// The instance that passes the question on is killed; the answer, which comes before anybody
  /// notices or long after, counts.
  @Test
  void the_instance_that_passed_a_question_on_may_die(TestCluster cluster) throws Exception {
    cluster.with("features", "sample").with("lease", "1s");
    var a = cluster.start("a");
    var b = cluster.startProcess("b");
    try (var client = connected(a)) {
      var task =
          client
              .on(a.url())
              .request("tools/call", "{\"name\":\"order_pizza\",\"task\":{}}")
              .result()
              .path("task");
      var question =
          client
              .on(b.url())
              .request("tasks/result", params(task))
              .sse()
              .nextMessage("elicitation/create");
      b.kill();
      cluster
          .database()
          .await(
              "exists (select from trunkline.instances where dead_at is not null)"
                  + " and not exists (select from trunkline.calls where finished_at is null)",
              PATIENCE);
      a.server().sweepOnce();

      client.on(a.url()).respond(question, PIZZA);

      assertThat(text(client.on(a.url()).request("tasks/result", params(task)).result()))
          .isEqualTo("1 × SMALL pizza with nothing on it");
    } finally {
      a.close();
    }
  }

  @Test
  void a_run_that_comes_after_is_given_the_answers_of_the_one_before(TestCluster cluster)
      throws Exception {
    var tools = new ScenarioTools();
    cluster.with(tools.catalog()).with("lease", "1s");
    var a = cluster.start("a");
    var b = cluster.start("b");
    var name = UUID.randomUUID().toString();
    var gate = tools.gate(name);
    try (var client = connected(b)) {
      var task =
          client
              .on(a.url())
              .request(
                  "tools/call",
                  "{\"name\":\"ask_and_hold\",\"arguments\":{\"name\":\"%s\"},\"task\":{}}"
                      .formatted(name))
              .result()
              .path("task");
      var waiting = client.on(b.url()).request("tasks/result", params(task)).sse();
      client.on(b.url()).respond(waiting.nextMessage("elicitation/create"), ADA);
      gate.awaitBegun();
      a.kill();
      cluster.database().await("exists (select from trunkline.tasks where run = 2)", PATIENCE);
      gate.open();

      var next = waiting.nextMessage(PATIENCE); // the result, not another question
      assertThat(text(next.path("result"))).isEqualTo("held for Ada");
      assertThat(gate.runs()).isEqualTo(2);
    }
  }

  @Test
  void an_instance_that_leaves_hands_on_what_may_run_again(TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    cluster.with(tools.catalog());
    var a = cluster.start("a");
    var b = cluster.start("b");
    var name = UUID.randomUUID().toString();
    try (var client = connected(b)) {
      var again = begin(client, a, "ask_and_hold", name);
      var once = begin(client, a, "wait_silently", name);
      tools.gate(name).awaitBegun();
      cluster
          .database()
          .sql("update trunkline.tasks set updated_at = updated_at - interval '2 minutes'");
      a.close();

      var error = client.on(b.url()).request("tasks/result", params(once)).error();
      assertThat(error.path("message").asString()).contains("the server is stopping");
      tools.gate(name).open();
      var waiting = client.on(b.url()).request("tasks/result", params(again)).sse();
      client.on(b.url()).respond(waiting.nextMessage("elicitation/create"), ADA);
      assertThat(text(waiting.nextResponse().path("result"))).isEqualTo("held for Ada");
    }
  }

  @Test
  void a_principal_sees_its_own_tasks_only_and_sees_them_all(TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    cluster
        .with(tools.catalog())
        .with("trusted-principal-header", "X-User")
        .with("trusted-proxies", "127.0.0.0/8");
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var alice = new McpTestClient().withHeader("X-User", "alice");
        var bob = new McpTestClient().withHeader("X-User", "bob")) {
      var agreed = alice.on(a.url()).connect("2025-11-25", "{}");
      bob.on(b.url()).connect("2025-11-25", "{}");
      assertThat(agreed.path("capabilities").path("tasks").has("list")).isTrue();
      var begun = new ArrayList<String>();
      for (var i = 0; i < 101; i++) {
        var instance = i % 2 == 0 ? a : b;
        var text = "{\"name\":\"later\",\"arguments\":{\"text\":\"x\"},\"task\":{}}";
        var task = alice.on(instance.url()).request("tools/call", text).result().path("task");
        begun.add(task.path("taskId").asString());
        if (i % 50 == 0) {
          alice.on(a.url()).request("tasks/result", params(task)).result(); // below the cap
        }
      }

      var first = alice.on(b.url()).request("tasks/list", "{}").result();
      assertThat(first.path("tasks")).hasSize(100);
      var second =
          alice
              .on(a.url())
              .request("tasks/list", "{\"cursor\":%s}".formatted(first.get("nextCursor")))
              .result();
      assertThat(second.has("nextCursor")).isFalse();
      var listed = first.path("tasks").valueStream().toList();
      assertThat(
              Stream.concat(listed.stream(), second.path("tasks").valueStream())
                  .map(task -> task.path("taskId").asString()))
          .containsExactlyElementsOf(begun);
      assertThat(bob.on(a.url()).request("tasks/list", "{}").result().path("tasks")).isEmpty();
      for (var method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
        var refused = bob.on(a.url()).request(method, params(listed.getFirst())).error();
        assertThat(refused.path("message").asString()).contains("Task not found");
      }
      var odd = alice.on(a.url()).request("tasks/list", "{\"cursor\":\"odd\"}").error();
      assertThat(odd.path("code").asInt()).isEqualTo(-32602);
    }
  }

  private static JsonNode begin(McpTestClient client, Running instance, String tool, String name)
      throws InterruptedException {
    return client
        .on(instance.url())
        .request(
            "tools/call",
            "{\"name\":\"%s\",\"arguments\":{\"name\":\"%s\"},\"task\":{}}".formatted(tool, name))
        .result()
        .path("task");
  }

  private static McpTestClient connected(Running instance) throws InterruptedException {
    var client = new McpTestClient();
    client.on(instance.url()).connect("2025-11-25", "{\"elicitation\":{}}");
    return client;
  }

  private static String status(McpTestClient client, Running instance, JsonNode task)
      throws InterruptedException {
    Reply reply = client.on(instance.url()).request("tasks/get", params(task));
    return reply.result().path("status").asString();
  }

  private static String params(JsonNode task) {
    return "{\"taskId\":\"%s\"}".formatted(task.path("taskId").asString());
  }

  private static String text(JsonNode result) {
    return result.path("content").path(0).path("text").asString();
  }
}
