package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.signal.InstanceId;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Requirement F4: what a handler does in `context.once` is not done again by its next run, on
/// whichever instance, and gives what it gave.
@Tag("cluster")
class OnceAcrossInstancesTest {
  private final StepTools tools = new StepTools();

  private Instance first(TestCluster cluster, WakeUp wakeUp) {
    cluster.with(tools.catalog()).with("lease", "1s").with("drain-timeout", "0s");
    cluster.with("poll-only", wakeUp.pollOnly());
    return cluster.start("a");
  }

  private static void lose(Instance lost, Instance by) {
    lost.kill();
    by.server().instances().declareDead(new InstanceId(lost.id()));
    by.server().sweepOnce();
  }

  private static List<String> orders(TestCluster cluster, String table) {
    return cluster
        .database()
        .sql(
            "select step_outcomes[1] from trunkline.%s where step_outcomes is not null"
                .formatted(table))
        .column();
  }

  private static String finalText(McpTestClient client, Instance at, String last)
      throws InterruptedException {
    var stream = client.on(at).resume(last).sse();
    while (true) {
      var message = stream.nextMessage(Trio.FAULT_PATIENCE);
      if (message.has("id")) {
        return Reply.text(message.path("result"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_lost_call_s_step_is_not_done_again(WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = first(cluster, wakeUp);
    var b = cluster.start("b");
    tools.bank.open();
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).call("pay", "{}").sse();
      tools.gate.awaitBegun();
      var last = call.next().requireId();
      var order = orders(cluster, "calls").getFirst();
      lose(a, b);
      awaitSecondRun(cluster);
      tools.again.open();

      assertThat(finalText(client, b, last)).isEqualTo("paid 5 " + order.replace("\"", ""));
      assertThat(tools.deeds).containsExactly("paid");
      assertThat(tools.gate.runs()).isEqualTo(2);
    }
  }

  /// Stopped while the step is done, by code that hears no interrupt: what it gave is kept all the
  /// same, and the next run, elsewhere, pays nothing.
  @Test
  void a_step_that_ends_while_its_instance_leaves_is_remembered(TestCluster cluster)
      throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    tools.gate.open();
    tools.again.open();
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).call("pay", "{}").sse();
      var last = call.next().requireId();
      tools.bank.awaitBegun();
      var leaving = Thread.ofVirtual().start(a::close);
      tools.bank.awaitInterrupted();
      tools.bank.open();

      assertThat(finalText(client, b, last)).startsWith("paid 5 ");
      assertThat(tools.deeds).containsExactly("paid");
      leaving.join();
    }
  }

  /// Declared dead it goes on and pays, as it may; but what it gave is not heard any more.
  @Test
  void a_fenced_run_remembers_nothing(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    tools.gate.open();
    tools.again.open();
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).call("pay", "{}").sse();
      var last = call.next().requireId();
      tools.bank.awaitBegun();
      b.server().instances().declareDead(new InstanceId(a.id()));
      b.server().sweepOnce();
      awaitSecondRun(cluster);
      tools.bank.open();

      assertThat(finalText(client, b, last)).startsWith("paid 5 ");
      assertThat(
              cluster
                  .database()
                  .sql("select cardinality(step_names) from trunkline.calls")
                  .number())
          .as("of the first run the order; the second is the last, and stores nothing")
          .isOne();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_lost_task_s_step_is_not_done_again(WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = first(cluster, wakeUp);
    var b = cluster.start("b");
    tools.bank.open();
    try (var client = Trio.connectedTo(b)) {
      var task =
          client
              .on(a)
              .request("tools/call", json("{'name':'pay','arguments':{},'task':{}}"))
              .result()
              .path("task");
      tools.gate.awaitBegun();
      var order = orders(cluster, "tasks").getFirst();
      lose(a, b);
      cluster
          .database()
          .await("exists (select from trunkline.tasks where begun = 2)", Trio.FAULT_PATIENCE);
      tools.again.open();

      var result =
          client
              .on(b)
              .request("tasks/result", json("{'taskId':'%s'}", task.path("taskId").asString()));
      assertThat(result.text()).isEqualTo("paid 5 " + order.replace("\"", ""));
      assertThat(tools.deeds).containsExactly("paid");
    }
  }

  /// What never runs again is answered as it was before: by one JSON document, without a row.
  @Test
  void a_tool_that_never_runs_again_stores_nothing(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    try (var client = Trio.connectedTo(a)) {
      var reply = client.on(a).call("pay_blindly", "{}");
      assertThat(reply.isStream()).isFalse();
      assertThat(reply.text()).isEqualTo("paid 0paid 0");
    }
    assertThat(cluster.database().sql("select count(*) from trunkline.calls").number()).isZero();
  }

  @Test
  void a_step_that_throws_is_not_remembered(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    try (var client = Trio.connectedTo(a)) {
      assertThat(client.on(a).call("stumble", "{}").text()).isEqualTo("stood after 2");
    }
    assertThat(tools.deeds).containsExactly("stumbled");
  }

  @Test
  void threads_that_want_the_same_step_share_one(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    try (var client = Trio.connectedTo(a)) {
      assertThat(client.on(a).call("together", "{}").text()).isEqualTo("11");
    }
    assertThat(tools.deeds).hasSize(11).doesNotHaveDuplicates();
    assertThat(
            cluster.database().sql("select cardinality(step_names) from trunkline.calls").number())
        .isEqualTo(11);
  }

  @Test
  void who_breaks_the_rules_of_steps_is_told_which(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    try (var client = Trio.connectedTo(a)) {
      assertThat(client.on(a).call("careless", "{}").text().lines())
          .containsExactly(
              "a step's name has 1 to 128 characters, none of them U+0000, not 0",
              "a step's name has 1 to 128 characters, none of them U+0000, not 129",
              "the step 'big' gave 65538 bytes of JSON; what is remembered of a step has at most 65536",
              "the step 'self' waits for itself",
              "a request has at most 64 steps that are done once");
    }
  }

  private static void awaitSecondRun(TestCluster cluster) {
    cluster
        .database()
        .await("exists (select from trunkline.calls where runs = 2)", Trio.FAULT_PATIENCE);
  }
}
