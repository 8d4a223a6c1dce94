package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.Running;
import trunkline.testing.TestCluster;

/// Requirement H4: the instance that runs a task is killed, or leaves.
@Tag("cluster")
class TaskFaultsTest {
  private static final String PIZZA =
      json("{'action':'accept','content':{'size':'SMALL','toppings':[],'glutenFree':false}}");

  @Test
  void a_task_that_may_run_again_does_when_its_instance_is_killed(TestCluster cluster)
      throws Exception {
    cluster.with("features", "sample").with("lease", "2s");
    var a = cluster.startProcess("a");
    var b = cluster.startProcess("b");
    var c = cluster.startProcess("c");
    try (var client = Trio.connectedTo(b)) {
      var standalone = client.on(c).get().sse();
      var task =
          client
              .on(a)
              .request(
                  "tools/call",
                  json(
                      "{'name':'bake','arguments':{'seconds':2},'task':{},'_meta':{'progressToken':1}}"))
              .result()
              .path("task");
      standalone.nextMessage("notifications/progress");
      a.kill();

      var result = client.on(b).request("tasks/result", params(task));
      assertThat(Reply.text(result.sse().nextMessage(Trio.FAULT_PATIENCE).path("result")))
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
    try (var client = Trio.connectedTo(b)) {
      var task =
          client
              .on(a)
              .request("tools/call", json("{'name':'order_pizza','task':{}}"))
              .result()
              .path("task");
      var waiting = client.on(b).request("tasks/result", params(task)).sse();
      var question = waiting.nextMessage("elicitation/create");
      a.kill();

      var withdrawn = waiting.nextMessage(Trio.FAULT_PATIENCE);
      assertThat(withdrawn.path("method").asString()).isEqualTo("notifications/cancelled");
      assertThat(withdrawn.path("params").path("requestId")).isEqualTo(question.get("id"));
      var error = waiting.nextMessage(Trio.FAULT_PATIENCE).path("error");
      assertThat(error.path("data").path("reason").asString()).isEqualTo("executor_lost");
      assertThat(client.on(b).respond(question, PIZZA).status()).isEqualTo(202);
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
    try (var client = Trio.connectedTo(a)) {
      var task =
          client
              .on(a)
              .request("tools/call", json("{'name':'order_pizza','task':{}}"))
              .result()
              .path("task");
      var question =
          client
              .on(b)
              .request("tasks/result", params(task))
              .sse()
              .nextMessage("elicitation/create");
      b.kill();
      cluster
          .database()
          .await(
              "exists (select from trunkline.calls where runs = 2)", // that which waits for the
              // task
              Trio.FAULT_PATIENCE);
      a.server().sweepOnce();

      client.on(a).respond(question, PIZZA);

      assertThat(client.on(a).request("tasks/result", params(task)).text())
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
    try (var client = Trio.connectedTo(b)) {
      var task =
          client
              .on(a)
              .request(
                  "tools/call",
                  json("{'name':'ask_and_hold','arguments':{'name':'%s'},'task':{}}", name))
              .result()
              .path("task");
      var waiting = client.on(b).request("tasks/result", params(task)).sse();
      client.on(b).respond(waiting.nextMessage("elicitation/create"), Trio.ADA);
      gate.awaitBegun();
      a.kill();
      cluster
          .database()
          .await("exists (select from trunkline.tasks where run = 2)", Trio.FAULT_PATIENCE);
      gate.open();

      var next = waiting.nextMessage(Trio.FAULT_PATIENCE); // the result, not another question
      assertThat(Reply.text(next.path("result"))).isEqualTo("held for Ada");
      assertThat(gate.runs()).isEqualTo(2);
    }
  }

  /// What does not fit waits for room, there or elsewhere, and costs no run.
  @Test
  void nobody_takes_over_more_than_it_may_run(TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    cluster.with(tools.catalog()).with("lease", "1s");
    var a = cluster.start("a");
    var b = cluster.start("b", "calls-max", "1");
    try (var client = Trio.connectedTo(b)) {
      for (var name : List.of("first", "second")) {
        begin(client, a, "ask_and_hold", name);
      }
      var started = "(select count(*) from trunkline.task_inputs i where i.run = %d) = %d";
      cluster.database().await(started.formatted(1, 2), Trio.FAULT_PATIENCE);
      a.kill();
      cluster.database().await(started.formatted(2, 1), Trio.FAULT_PATIENCE);
      b.server().sweepOnce();
      assertThat(executedBy(cluster, b)).isEqualTo(1);

      cluster.database().sql("update trunkline.tasks set status = 'cancelled' where run = 2");
      b.server().sweepOnce();
      cluster.database().await(started.formatted(2, 2), Trio.FAULT_PATIENCE);
    }
  }

  private static long executedBy(TestCluster cluster, Running instance) {
    return cluster
        .database()
        .sql("select count(*) from trunkline.tasks where executor = ?", instance.id())
        .number();
  }

  @Test
  void an_instance_that_leaves_hands_on_what_may_run_again(TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    cluster.with(tools.catalog());
    var a = cluster.start("a");
    var b = cluster.start("b");
    var name = UUID.randomUUID().toString();
    try (var client = Trio.connectedTo(b)) {
      var again = begin(client, a, "ask_and_hold", name);
      var once = begin(client, a, "wait_silently", name);
      tools.gate(name).awaitBegun();
      cluster
          .database()
          .sql("update trunkline.tasks set updated_at = updated_at - interval '2 minutes'");
      a.close();

      var error = client.on(b).request("tasks/result", params(once)).error();
      assertThat(error.path("message").asString()).contains("the server is stopping");
      tools.gate(name).open();
      var waiting = client.on(b).request("tasks/result", params(again)).sse();
      client.on(b).respond(waiting.nextMessage("elicitation/create"), Trio.ADA);
      assertThat(Reply.text(waiting.nextResponse().path("result"))).isEqualTo("held for Ada");
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
      var agreed = alice.on(a).connect(Trio.REVISION);
      bob.on(b).connect(Trio.REVISION);
      assertThat(agreed.path("capabilities").path("tasks").has("list")).isTrue();
      var begun = new ArrayList<String>();
      for (var i = 0; i < 101; i++) {
        var instance = i % 2 == 0 ? a : b;
        var text = json("{'name':'later','arguments':{'text':'x'},'task':{}}");
        var task = alice.on(instance).request("tools/call", text).result().path("task");
        begun.add(task.path("taskId").asString());
        if (i % 50 == 0) {
          alice.on(a).request("tasks/result", params(task)).result(); // below the cap
        }
      }

      var first = alice.on(b).request("tasks/list").result();
      assertThat(first.path("tasks")).hasSize(100);
      var second =
          alice
              .on(a)
              .request("tasks/list", json("{'cursor':%s}", first.get("nextCursor")))
              .result();
      assertThat(second.has("nextCursor")).isFalse();
      var listed = first.path("tasks").valueStream().toList();
      assertThat(
              Stream.concat(listed.stream(), second.path("tasks").valueStream())
                  .map(task -> task.path("taskId").asString()))
          .containsExactlyElementsOf(begun);
      assertThat(bob.on(a).request("tasks/list").result().path("tasks")).isEmpty();
      for (var method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
        var refused = bob.on(a).request(method, params(listed.getFirst())).error();
        assertThat(refused.path("message").asString()).contains("Task not found");
      }
      var odd = alice.on(a).request("tasks/list", json("{'cursor':'odd'}")).error();
      assertThat(odd.path("code").asInt()).isEqualTo(-32602);
    }
  }

  private static JsonNode begin(McpTestClient client, Running instance, String tool, String name)
      throws InterruptedException {
    return client
        .on(instance)
        .request(
            "tools/call", json("{'name':'%s','arguments':{'name':'%s'},'task':{}}", tool, name))
        .result()
        .path("task");
  }

  private static String status(McpTestClient client, Running instance, JsonNode task)
      throws InterruptedException {
    Reply reply = client.on(instance).request("tasks/get", params(task));
    return reply.result().path("status").asString();
  }

  private static String params(JsonNode task) {
    return json("{'taskId':'%s'}", task.path("taskId").asString());
  }
}
