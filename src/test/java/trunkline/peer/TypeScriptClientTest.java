package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message.Notification;
import trunkline.jsonrpc.RpcException;
import trunkline.sample.SampleCatalog;
import trunkline.testing.Proxy;
import trunkline.testing.RoundRobin;
import trunkline.testing.TestCluster;

/// The TypeScript SDK's client, each of its requests to another of three instances, one of which
/// only polls.
@Tag("peer")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypeScriptClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Node node;
  private final TestCluster cluster;
  private final CountDownLatch silence = new CountDownLatch(1);
  private TestCluster.Instance first;
  private RoundRobin balancer;

  TypeScriptClientTest(TestCluster cluster) throws InterruptedException {
    this.node = Node.required();
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    cluster.with(catalog());
    first = cluster.start("a");
    balancer =
        RoundRobin.over(
            List.of(
                first.url(),
                cluster.start("b", "poll-only", "true").url(),
                cluster.start("c").url()));
  }

  @AfterAll
  void end() throws IOException {
    if (balancer != null) {
      balancer.close();
    }
    cluster.close();
  }

  private Catalog catalog() {
    var catalog = Catalog.builder();
    new SampleCatalog().addTo(catalog);
    return catalog
        .add(
            Tool.named("fail_later")
                .description("Sends something first, so that its error comes on a stream")
                .handler((none, context) -> {
                  context.progress(1, 2.0, "soon");
                  throw RpcException.invalidParams("too late");
                }))
        .add(
            Tool.named("fall_silent")
                .description("Sends something first, then nothing until the test says so")
                .handler((none, context) -> {
                  context.progress(1, 2.0, "now silence");
                  silence.await();
                  return ToolResult.text("after the silence");
                }))
        .build();
  }

  @Test
  void does_everything_that_it_can() throws Exception {
    var seen = run("features", balancer.url());

    assertThat(seen.get("server").asString()).isEqualTo("trunkline");
    assertThat(texts(seen.get("tools"))).contains("calculate", "bake", "surprise");
    assertThat(texts(seen.get("resources"))).contains("sample://clock");
    assertThat(texts(seen.get("templates"))).contains("sample://cities/{name}");
    assertThat(texts(seen.get("prompts"))).contains("travel_guide");
    assertThat(seen.get("city").asString()).startsWith("Climbs seven hills");
    assertThat(texts(seen.get("completed"))).contains("Lisbon");
    assertThat(texts(seen.get("notes"))).containsExactly("remember");
    assertThat(seen.get("ordered").asString())
        .isEqualTo("2 × LARGE pizza with [OLIVES], gluten-free");
    assertThat(texts(seen.get("asked"))).containsExactly("Which pizza for 2?");
    assertThat(seen.get("summarized").asString()).isEqualTo("shorter: a long story");
    assertThat(seen.get("roots").asString()).isEqualTo("file:///peer");
    assertThat(seen.get("baked").asString()).isEqualTo("The bread is ready.");
    assertThat(texts(seen.get("progress"))).containsExactly("1", "2", "3", "4");
    assertThat(texts(seen.get("logged"))).containsExactly("the oven is on", "the oven is off");
    assertThat(texts(seen.get("updates"))).containsExactly("sample://clock");
    assertThat(seen.get("hidden").asBoolean()).isTrue();
    assertThat(seen.get("cancelled").get("message").asString()).contains("enough");
    assertThat(seen.get("unknown").get("code").asInt()).isEqualTo(-32002);
  }

  @Test
  void runs_calls_as_tasks() throws Exception {
    var seen = run("tasks", balancer.url());

    assertThat(texts(seen.get("supported"))).containsExactlyInAnyOrder("order_pizza", "bake");
    assertThat(texts(seen.get("asked"))).containsExactly("Which pizza for 3?");
    assertThat(texts(seen.get("steps"))).startsWith("taskCreated").endsWith("result");
    assertThat(seen.get("ordered").asString()).startsWith("3 × LARGE pizza");
    assertThat(seen.get("baked").asString()).isEqualTo("The bread is ready.");
    assertThat(seen.get("related").toString()).contains("io.modelcontextprotocol/related-task");
    assertThat(seen.get("cancelled").asString()).isEqualTo("cancelled");
    assertThat(seen.get("looked").asString()).isEqualTo("cancelled");
    assertThat(seen.get("again").get("code").asInt()).isEqualTo(-32602);
    assertThat(seen.get("unlisted").isNull()).isFalse();
  }

  @Test
  void gets_the_rest_of_a_call_whose_connection_was_cut() throws Exception {
    try (var network = new Proxy("127.0.0.1", balancer.url().getPort());
        var script =
            node.start("scenarios.mjs", "resume", "http://127.0.0.1:" + network.port() + "/mcp")) {
      script.awaitLine(line -> line.startsWith("progress"), PATIENCE);
      network.cut();

      var seen = script.result(PATIENCE);

      assertThat(seen.get("baked").asString()).isEqualTo("The bread is ready.");
      assertThat(texts(seen.get("progress")))
          .as("each step once and in order")
          .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
      assertThat(seen.get("gets").valueStream().filter(get -> get.get("lastEventId").isString()))
          .as("the standalone stream and the call's")
          .hasSize(2);
    }
  }

  /// The client forgets its last event id with each connection: only the priming event of the first
  /// resumed connection lets it find the call again after a second cut.
  @Test
  void finds_a_call_again_whose_resumed_connection_was_cut_in_silence() throws Exception {
    try (var network = new Proxy("127.0.0.1", balancer.url().getPort());
        var script =
            node.start("scenarios.mjs", "silence", "http://127.0.0.1:" + network.port() + "/mcp")) {
      script.awaitLine(line -> line.startsWith("token 2"), PATIENCE); // primed, and one progress
      network.cut();
      script.awaitLine(line -> line.startsWith("token 3"), PATIENCE);
      network.cut();
      script.awaitLine(line -> line.startsWith("token 4"), PATIENCE);
      silence.countDown();

      assertThat(script.result(PATIENCE).get("text").asString()).isEqualTo("after the silence");
    }
  }

  @Test
  void hears_a_broadcast_once_wherever_its_stream_is() throws Exception {
    try (var script = node.start("scenarios.mjs", "listen", balancer.url().toString())) {
      script.awaitLine(line -> line.startsWith("listening"), PATIENCE);
      first.server().handle().broadcast(log("the first one"));
      first.server().handle().broadcast(log("the last one"));

      var seen = script.result(PATIENCE);

      assertThat(texts(seen.get("logs"))).containsExactly("the first one", "the last one");
      assertThat(seen.get("gets")).hasSize(1);
    }
  }

  @Test
  void a_failing_streamed_call_does_not_make_it_loop() throws Exception {
    var seen = run("failing", balancer.url());

    assertThat(seen.get("failed").get("code").asInt()).isEqualTo(-32602);
    assertOneResumeThatStops(seen);
  }

  @Test
  void a_cancelled_call_does_not_make_it_loop() throws Exception {
    var seen = run("cancelling", balancer.url());

    assertThat(seen.get("cancelled").get("message").asString()).contains("enough");
    assertOneResumeThatStops(seen);
  }

  @Test
  void a_second_stream_parks_the_first_and_neither_reconnects() throws Exception {
    var seen = run("parking", balancer.url());

    assertThat(seen.get("gets"))
        .extracting(get -> get.get("status").asInt())
        .containsExactly(200, 200);
    assertThat(texts(seen.get("logs"))).containsExactly("once");
  }

  /// Besides the standalone stream: one GET for the call's rest, answered 405.
  private static void assertOneResumeThatStops(JsonNode seen) {
    var gets = seen.get("gets");
    assertThat(gets.get(0).get("status").asInt()).isEqualTo(200);
    assertThat(gets.valueStream().skip(1).map(get -> get.get("status").asInt()))
        .as("%s", gets)
        .containsExactly(405);
  }

  private static Notification log(String text) {
    return new Notification(
        "notifications/message",
        Codec.object().put("level", "notice").put("logger", "test").put("data", text));
  }

  private JsonNode run(String scenario, URI url) throws InterruptedException {
    try (var script = node.start("scenarios.mjs", scenario, url.toString())) {
      return script.result(PATIENCE);
    }
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
