package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.HashMap;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import trunkline.signal.InstanceId;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Requirement F4: a streamed call that may run again goes on elsewhere when its instance is
/// killed, declared dead or leaves; its client sees one stream with rising ids and one final
/// response, and is asked nothing twice.
@Tag("cluster")
class RerunsAcrossInstancesTest {
  private static final String BAKE = json("{'seconds':2}");

  private final ScenarioTools tools = new ScenarioTools();
  private final String name = UUID.randomUUID().toString();
  private final Gate gate = tools.gate(name);

  /// The response, which is the stream's last message; progress rises from what it was.
  private static JsonNode responseAfter(double progress, RawSse stream)
      throws InterruptedException {
    var reached = progress;
    while (true) {
      var message = stream.nextMessage(Trio.FAULT_PATIENCE);
      if (message.has("id")) {
        stream.awaitEnd(Trio.PATIENCE);
        return message;
      }
      if (message.path("method").asString().equals("notifications/progress")) {
        assertThat(progress(message)).as("progress must increase").isGreaterThan(reached);
        reached = progress(message);
      }
    }
  }

  private static double progress(JsonNode message) {
    return message.path("params").path("progress").asDouble();
  }

  private static void awaitRuns(TestCluster cluster, int runs) {
    cluster
        .database()
        .await(
            "exists (select from trunkline.calls where runs = " + runs + ")", Trio.FAULT_PATIENCE);
  }

  @Test
  void a_call_of_a_killed_process_is_run_again(TestCluster cluster) throws Exception {
    cluster.with("features", "sample").with("lease", "2s");
    var a = cluster.startProcess("a");
    var b = cluster.start("b");
    var c = cluster.start("c");
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).callWithProgress("bake", BAKE, "7").sse();
      call.nextMessage("notifications/progress");
      var reached = progress(call.nextMessage("notifications/progress"));
      a.kill();

      var resumed = client.on(c).resume(call.requireLastEventId()).sse();
      assertThat(Reply.text(responseAfter(reached, resumed).path("result")))
          .isEqualTo("The bread is ready.");
      awaitRuns(cluster, 2);
    }
  }

  /// However often its instances die, a call takes no third one with it.
  @Test
  void what_took_two_instances_with_it_ends_with_one_error(TestCluster cluster) throws Exception {
    cluster.with("features", "sample").with("lease", "2s");
    var a = cluster.startProcess("a");
    var b = cluster.startProcess("b");
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).callWithProgress("bake", json("{'seconds':60}"), "7").sse();
      call.nextMessage("notifications/progress");
      var last = call.requireLastEventId();
      a.kill();
      awaitRuns(cluster, 2);
      b.kill();
      var c = cluster.start("c");

      var error = responseAfter(0, client.on(c).resume(last).sse()).path("error");
      assertThat(error.path("data").path("reason").asString()).isEqualTo("executor_lost");
      assertThat(error.path("data").path("runs").asInt()).isEqualTo(2);
    }
  }

  /// Declared dead, it goes on with its handler and is not heard: its writer is fenced.
  @ParameterizedTest
  @EnumSource
  void what_was_answered_is_not_asked_again(WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = two(cluster, wakeUp);
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).call("ask_and_hold", Trio.named(name)).sse();
      client.on(b).respond(call.nextMessage("elicitation/create"), Trio.ADA);
      gate.awaitBegun();
      var last = call.requireLastEventId();
      lose(a, b);
      awaitRuns(cluster, 2);
      gate.open();

      var next = client.on(b).resume(last).sse().nextMessage(Trio.FAULT_PATIENCE);
      assertThat(Reply.text(next.path("result"))).isEqualTo("held for Ada");
      assertThat(gate.runs()).isEqualTo(2);
    }
  }

  /// The client answers what the lost instance had asked.
  @ParameterizedTest
  @EnumSource
  void an_open_question_is_handed_on(WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = two(cluster, wakeUp);
    var b = cluster.start("b");
    gate.open();
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).call("ask_and_hold", Trio.named(name)).sse();
      var question = call.nextMessage("elicitation/create");
      var last = call.requireLastEventId();
      lose(a, b);
      cluster
          .database()
          .await(
              "exists (select from trunkline.pending_requests where outcome is null and asker = %d)"
                  .formatted(b.id()),
              Trio.FAULT_PATIENCE);
      client.on(b).respond(question, Trio.ADA);

      var next = client.on(b).resume(last).sse().nextMessage(Trio.FAULT_PATIENCE);
      assertThat(Reply.text(next.path("result"))).isEqualTo("held for Ada");
    }
  }

  @Test
  void a_call_that_was_cancelled_meanwhile_is_not_run_again(TestCluster cluster) throws Exception {
    var a = two(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).call("ask_and_hold", Trio.named(name)).sse();
      call.nextMessage("elicitation/create");
      var last = call.requireLastEventId();
      a.kill();
      client
          .on(b)
          .notify(
              "notifications/cancelled", json("{'requestId':%d}", client.on(b).latestRequestId()));
      b.server().instances().declareDead(new InstanceId(a.id()));

      client.on(b).resume(last).sse().awaitEnd(Trio.FAULT_PATIENCE);
      assertThat(gate.runs()).isEqualTo(1);
    }
  }

  /// What does not fit waits for room, there or elsewhere, and costs no run.
  @Test
  void nobody_runs_more_than_it_may(TestCluster cluster) throws Exception {
    cluster.with(tools.catalog()).with("lease", "1s");
    var a = cluster.start("a");
    var b = cluster.start("b", "calls-max", "1");
    try (var client = Trio.connectedTo(b)) {
      client.on(a).call("ask_and_hold", Trio.named(name)).sse().nextMessage("elicitation/create");
      client.on(a).call("ask_and_hold", Trio.named(name)).sse().nextMessage("elicitation/create");
      lose(a, b);
      awaitRuns(cluster, 2);
      b.server().sweepOnce();

      assertThat(
              cluster
                  .database()
                  .sql("select count(*) from trunkline.calls where runs = 2")
                  .number())
          .isOne();
    }
  }

  /// As by SIGTERM: nobody waits for a lease, and the client hears no error.
  @Test
  void an_instance_that_leaves_hands_its_call_on(TestCluster cluster) throws Exception {
    cluster.with("features", "sample").with("drain-timeout", "0s");
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).callWithProgress("bake", BAKE, "7").sse();
      var reached = progress(call.nextMessage("notifications/progress"));
      a.close();
      call.awaitEnd(Trio.PATIENCE);
      assertThat(call.retry()).as("told to come again").isNotNull();

      var resumed = client.on(b).resume(call.requireLastEventId()).sse();
      assertThat(Reply.text(responseAfter(reached, resumed).path("result")))
          .isEqualTo("The bread is ready.");
    }
  }

  @Test
  void an_instance_that_leaves_hands_its_open_question_on(TestCluster cluster) throws Exception {
    cluster.with(tools.catalog()).with("drain-timeout", "0s");
    var a = cluster.start("a");
    var b = cluster.start("b");
    gate.open();
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).call("ask_and_hold", Trio.named(name)).sse();
      var question = call.nextMessage("elicitation/create");
      a.close();
      call.awaitEnd(Trio.PATIENCE);
      client.on(b).respond(question, Trio.ADA);

      var next = client.on(b).resume(call.requireLastEventId()).sse().nextMessage();
      assertThat(Reply.text(next.path("result"))).isEqualTo("held for Ada");
    }
  }

  @Test
  void the_calls_of_a_batch_end_each_in_its_way(TestCluster cluster) throws Exception {
    var a = two(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    try (var client = new McpTestClient()) {
      client.on(b).connect("2025-03-26");
      var batch =
          client
              .on(a)
              .post(
                  json(
                      """
                      [{'jsonrpc':'2.0','id':'again','method':'tools/call',
                        'params':{'name':'hold_again','arguments':{'name':'%1$s'}}},
                       {'jsonrpc':'2.0','id':'once','method':'tools/call',
                        'params':{'name':'hold','arguments':{'name':'%1$s'}}}]
                      """,
                      name))
              .sse();
      batch.nextLog();
      batch.nextLog();
      var last = batch.requireLastEventId();
      lose(a, b);
      awaitRuns(cluster, 2);
      gate.open();

      var resumed = client.on(b).resume(last).sse();
      var outcomes = new HashMap<String, JsonNode>();
      while (outcomes.size() < 2) {
        var message = resumed.nextMessage(Trio.FAULT_PATIENCE);
        if (message.has("id")) {
          outcomes.put(message.path("id").asString(), message);
        }
      }
      resumed.awaitEnd(Trio.PATIENCE);
      assertThat(Reply.text(Objects.requireNonNull(outcomes.get("again")).path("result")))
          .isEqualTo("held " + name);
      assertThat(
              Objects.requireNonNull(outcomes.get("once"))
                  .path("error")
                  .path("data")
                  .path("reason")
                  .asString())
          .isEqualTo("executor_lost");
    }
  }

  private Instance two(TestCluster cluster, WakeUp wakeUp) {
    cluster.with(tools.catalog()).with("lease", "1s").with("poll-only", wakeUp.pollOnly());
    return cluster.start("a");
  }

  private static void lose(Instance lost, Instance by) {
    lost.kill();
    by.server().instances().declareDead(new InstanceId(lost.id()));
    by.server().sweepOnce();
  }
}
