package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import trunkline.testing.McpTestClient;
import trunkline.testing.StdioProcess;
import trunkline.testing.TestCluster;

/// Two clients with a process each, and one over HTTP, on one database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StdioAcrossInstancesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final String META =
      "'_meta':{'io.modelcontextprotocol/protocolVersion':'2026-07-28',"
          + "'io.modelcontextprotocol/clientCapabilities':{'elicitation':{}}}";

  private final TestCluster cluster;
  private StdioProcess one;
  private StdioProcess other;
  private TestCluster.Instance http;

  StdioAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    http = cluster.start("http");
    one = StdioProcess.on(cluster.database());
    other = StdioProcess.on(cluster.database());
    one.connect("2025-11-25", "{'elicitation':{}}");
    other.connect("2025-06-18", "{}");
  }

  @AfterAll
  void end() {
    one.close();
    other.close();
    cluster.close();
  }

  @Test
  void a_tool_asks_and_is_answered() {
    one.say(call(1, "order_pizza", "{'guests':4}"));
    var question = one.heard("elicitation/create");
    one.say(
        "{'jsonrpc':'2.0','id':%s,'result':{'action':'accept','content':{'size':'LARGE'}}}"
            .formatted(question.get("id")));

    assertThat(one.answer("1").at("/result/content/0/text").asString())
        .isEqualTo("4 × LARGE pizza with nothing on it");
  }

  @Test
  void what_happens_elsewhere_is_heard() throws InterruptedException {
    other.say(
        "{'jsonrpc':'2.0','id':1,'method':'resources/subscribe',"
            + "'params':{'uri':'sample://clock'}}");
    other.answer("1");
    try (var client = new McpTestClient()) {
      client.on(http).connect("2025-11-25");
      client.on(http).call("run_clock", "{\"seconds\":1}").result();
      assertThat(other.heard("notifications/resources/updated").at("/params/uri").asString())
          .isEqualTo("sample://clock");
    }

    one.say(call(2, "whisper", "{'sessionId':'%s','text':'psst'}".formatted(session(other))));

    assertThat(other.heard("notifications/message").toString()).contains("psst");
  }

  @Test
  void a_toolset_is_all_there_is() {
    try (var kitchen = StdioProcess.on(cluster.database(), "--toolset", "kitchen")) {
      var opened = kitchen.connect("2025-11-25", "{}");
      kitchen.say("{'jsonrpc':'2.0','id':1,'method':'tools/list'}");

      assertThat(opened.toString()).contains("Only the kitchen");
      assertThat(kitchen.answer("1").at("/result/tools").findValuesAsString("name"))
          .containsExactly("order_pizza", "bake");
    }
  }

  @Test
  void what_is_no_message_is_answered_and_passed_over() {
    one.say("nonsense").say("").say("[]");
    assertThat(one.await(StdioAcrossInstancesTest::isRefusal).at("/error/code").asInt())
        .isEqualTo(-32700);
    assertThat(one.await(StdioAcrossInstancesTest::isRefusal).at("/error/code").asInt())
        .isEqualTo(-32600);

    one.say("'" + "x".repeat(5 << 20) + "'");
    assertThat(one.await(StdioAcrossInstancesTest::isRefusal).at("/error/message").asString())
        .contains("a line has at most 4194304 bytes");

    one.say("{'jsonrpc':'2.0','id':'after','method':'ping'}");
    assertThat(one.answer("\"after\"").has("result")).isTrue();
  }

  @Test
  void only_the_revision_that_knows_batches_has_them() {
    var batch =
        "[{'jsonrpc':'2.0','id':'x','method':'ping'},{'jsonrpc':'2.0','id':'y','method':'ping'}]";
    one.say(batch);
    assertThat(one.await(StdioAcrossInstancesTest::isRefusal).at("/error/message").asString())
        .contains("batches are part of 2025-03-26 only");

    try (var third = StdioProcess.on(cluster.database())) {
      third.connect("2025-03-26", "{}");
      third.say(batch);
      assertThat(third.await(message -> message.isArray())).hasSize(2);
    }
  }

  /// The handler is cancelled as well, and nothing more is said of its call.
  @Test
  void a_call_is_cancelled_in_either_era() {
    one.say(call(5, "bake", "{'seconds':60},'_meta':{'progressToken':5}"));
    one.heard("notifications/progress");
    one.say("{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':5}}");
    one.say(stateless(6, "tools/call", "'name':'bake','arguments':{'seconds':1}"));
    one.say("{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':6}}");
    one.say(stateless(7, "tools/call", "'name':'bake','arguments':{'seconds':2}"));

    var answer = one.await(message -> message.has("result"));
    assertThat(answer.get("id").asInt()).as("the one that would take longer").isEqualTo(7);
    cluster
        .database()
        .await("not exists (select from trunkline.calls where finished_at is null)", PATIENCE);
  }

  @Test
  void a_client_without_a_session_is_asked_by_an_end_and_listens() {
    one.say(stateless(10, "tools/call", "'name':'order_pizza','arguments':{'guests':2}"));
    var asked = one.answer("10").get("result");
    assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
    var key = asked.path("inputRequests").propertyNames().iterator().next();
    one.say(
        stateless(
            11,
            "tools/call",
            "'name':'order_pizza','arguments':{'guests':2},'requestState':%s,'inputResponses':{'%s':{'action':'decline'}}"
                .formatted(asked.get("requestState"), key)));
    assertThat(one.answer("11").at("/result/content/0/text").asString())
        .isEqualTo("No pizza then.");

    one.say(
        stateless(
            12,
            "subscriptions/listen",
            "'notifications':{'resourceSubscriptions':['sample://clock']}"));
    one.heard("notifications/subscriptions/acknowledged");
    other.say(call(13, "run_clock", "{'seconds':1}"));
    assertThat(
            one.heard("notifications/resources/updated")
                .at("/params/_meta/io.modelcontextprotocol~1subscriptionId")
                .asInt())
        .isEqualTo(12);
    one.say("{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':12}}");
  }

  @Test
  void a_stream_that_an_operator_closes_is_gone_on_with() {
    one.say(call(20, "bake", "{'seconds':2},'_meta':{'progressToken':20}"));
    one.heard("notifications/progress");
    cluster
        .database()
        .sql(
            "select trunkline.drain(instance_id) from trunkline.instances where url = ?",
            "stdio:" + one.pid());

    assertThat(one.answer("20").at("/result/content/0/text").asString())
        .isEqualTo("The bread is ready.");
    cluster
        .database()
        .sql(
            "select trunkline.undrain(instance_id) from trunkline.instances where url = ?",
            "stdio:" + one.pid());
  }

  @Test
  void the_end_of_the_input_and_a_signal_end_everything() {
    try (var ended = StdioProcess.on(cluster.database());
        var stopped = StdioProcess.on(cluster.database())) {
      ended.connect("2025-11-25", "{}");
      stopped.connect("2025-11-25", "{}");
      var sessions = List.of(session(ended), session(stopped));
      ended.write(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"add_note\","
              + "\"arguments\":{\"text\":\"x\"}}}");

      assertThat(ended.end().answer("1").has("result")).as("the last line is served").isTrue();
      assertThat(ended.awaitExit()).isZero();
      assertThat(stopped.terminate().awaitExit()).isZero();
      for (var process : new StdioProcess[] {ended, stopped}) {
        assertThat(
                cluster
                    .database()
                    .sql(
                        "select count(*) from trunkline.instances where left_at is null and url = ?",
                        "stdio:" + process.pid())
                    .number())
            .isZero();
      }
      for (var session : sessions) {
        assertThat(http.server().handle().end(session)).as("it was ended already").isFalse();
      }
    }
  }

  @Test
  void a_session_that_is_ended_elsewhere_ends_its_process() {
    try (var process = StdioProcess.on(cluster.database())) {
      process.connect("2025-11-25", "{}");

      assertThat(http.server().handle().end(session(process))).isTrue();

      assertThat(process.awaitExit()).isZero();
    }
  }

  /// Nothing but a folder: whoever comes first starts the server, whoever leaves last stops it.
  @Test
  void processes_share_the_embedded_database(@TempDir Path folder) {
    var data = folder.resolve("data").toString();
    try (var first = StdioProcess.start("--data", data);
        var second = StdioProcess.start("--data", data)) {
      first.connect("2025-11-25", "{}");
      second.connect("2025-11-25", "{}");
      second.say(call(1, "shout", "{'text':'hello'}"));

      assertThat(first.heard("notifications/message").toString()).contains("hello");

      assertThat(first.end().awaitExit()).isZero();
      second.say("{'jsonrpc':'2.0','id':2,'method':'tools/list'}");
      assertThat(second.answer("2").at("/result/tools").size()).isPositive();
      assertThat(second.end().awaitExit()).isZero();
      assertThat(Files.exists(Path.of(data, "data", "postmaster.pid"))).isFalse();
    }
  }

  private static String session(StdioProcess process) {
    process.say(call(99, "who_am_i", "{}"));
    return process.answer("99").at("/result/structuredContent/sessionId").asString();
  }

  private static boolean isRefusal(JsonNode message) {
    return message.has("error") && !message.hasNonNull("id");
  }

  private static String call(int id, String tool, String arguments) {
    return "{'jsonrpc':'2.0','id':%d,'method':'tools/call','params':{'name':'%s','arguments':%s}}"
        .formatted(id, tool, arguments);
  }

  private static String stateless(int id, String method, String params) {
    return "{'jsonrpc':'2.0','id':%d,'method':'%s','params':{%s,%s}}"
        .formatted(id, method, params, META);
  }
}
