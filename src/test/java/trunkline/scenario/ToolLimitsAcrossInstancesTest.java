package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.feature.Catalog;
import trunkline.feature.ElicitResult;
import trunkline.feature.RequestContext;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolBuilder;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.ErrorCode;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// Goal: a tool ends in its time, runs as often as it may, and its client hears of it meanwhile, on
/// whichever instance and carrier.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ToolLimitsAcrossInstancesTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  record Name(String name) {}

  private final TestCluster cluster;
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();
  private final CountDownLatch late = new CountDownLatch(1);
  private final McpTestClient session = new McpTestClient();
  private final StatelessTestClient alone = new StatelessTestClient("{'elicitation':{}}");
  private TestCluster.Instance a;
  private TestCluster.Instance b;

  ToolLimitsAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  private Gate gate(String name) {
    return gates.computeIfAbsent(name, _ -> new Gate());
  }

  private static ToolBuilder<Name, ToolResult> tool(String name) {
    return Tool.named(name).description("Waits").input(Name.class).tasks(TaskSupport.OPTIONAL);
  }

  @BeforeAll
  void start() throws InterruptedException {
    cluster
        .with("tool-timeouts", "said_by_operator=300ms,unlimited=0s")
        .with("tool-concurrency", "crowded=2")
        .with(
            Catalog.builder()
                .add(
                    tool("slow").timeout(SHORT).handler(this::wait),
                    tool("said_by_operator").timeout(Duration.ofHours(1)).handler(this::wait),
                    tool("unlimited").timeout(Duration.ofMillis(1)).handler(this::wait),
                    tool("deaf")
                        .timeout(SHORT)
                        .handler((name, _) -> {
                          gate(name.name()).begin();
                          gate(name.name()).passUninterrupted();
                          late.countDown();
                          return ToolResult.text("too late");
                        }),
                    tool("asks")
                        .timeout(SHORT)
                        .handler((name, context) -> {
                          var who = context.elicit("Who?", Name.class);
                          gate(name.name()).begin();
                          return ToolResult.text(
                              who instanceof ElicitResult.Accepted(var given) ? given.name() : "-");
                        }),
                    tool("crowded").handler(this::wait),
                    tool("alive").heartbeat(Duration.ofMillis(50)).handler(this::waitAndCount))
                .build());
    a = cluster.start("a");
    b = cluster.start("b");
    session.on(a).connect("2025-11-25", json("{'elicitation':{}}"));
  }

  private ToolResult wait(Name name, RequestContext context) throws InterruptedException {
    gate(name.name()).enter();
    gate(name.name()).begin();
    gate(name.name()).pass();
    return ToolResult.text("done");
  }

  private ToolResult waitAndCount(Name name, RequestContext context) throws InterruptedException {
    gate(name.name()).pass();
    context.progress(1, 2);
    return ToolResult.text("done");
  }

  @AfterAll
  void stop() {
    gates.values().forEach(Gate::open);
    session.close();
    alone.close();
    cluster.close();
  }

  private Reply call(String era, String tool, String gate) {
    var arguments = json("{'name':'%s'}", gate);
    return era.equals("2025-11-25")
        ? session.on(b).call(tool, arguments)
        : alone.on(b).call(tool, arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void a_tool_over_its_time_is_interrupted_and_its_client_told(String era)
      throws InterruptedException {
    for (var tool : new String[] {"slow", "said_by_operator"}) {
      var result = call(era, tool, tool + era).result();

      assertThat(result.path("isError").asBoolean()).isTrue();
      assertThat(Reply.text(result))
          .isEqualTo(
              "The tool %s was stopped: it may take 300 ms, and was not done by then"
                  .formatted(tool));
      gate(tool + era).awaitInterrupted();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void one_that_hears_no_interrupt_is_given_up(String era) throws InterruptedException {
    var result = call(era, "deaf", "deaf" + era).result();

    assertThat(Reply.text(result)).startsWith("The tool deaf was stopped");
    assertThat(gate("deaf" + era).isInterrupted()).isTrue();
    gate("deaf" + era).open();
    late.await(); // and nothing comes of it
  }

  @Test
  void a_task_ends_in_its_time_too() throws InterruptedException {
    for (var tool : new String[] {"slow", "deaf"}) {
      var params = json("{'name':'%s','arguments':{'name':'task-%s'},'task':{}}", tool, tool);
      var task = session.on(a).request("tools/call", params).result().at("/task/taskId").asString();

      var result = session.on(b).request("tasks/result", json("{'taskId':'%s'}", task)).result();

      assertThat(Reply.text(result)).startsWith("The tool " + tool + " was stopped");
    }
  }

  @Test
  void an_operator_lifts_a_limit_and_a_question_is_not_counted() throws InterruptedException {
    var unlimited =
        CompletableFuture.supplyAsync(() -> call("2025-11-25", "unlimited", "unlimited"));
    gate("unlimited").awaitBegun();
    var asking = session.on(b).call("asks", json("{'name':'asks'}")).sse();
    var question = asking.nextMessage("elicitation/create");
    var timed = call("2025-11-25", "slow", "meanwhile").result(); // longer than what asks may take
    assertThat(timed.path("isError").asBoolean()).isTrue();
    session.on(a).respond(question, json("{'action':'accept','content':{'name':'Ada'}}"));

    assertThat(Reply.text(asking.nextResponse().path("result"))).isEqualTo("Ada");
    gate("unlimited").open();
    assertThat(unlimited.join().text()).isEqualTo("done");
  }

  @Test
  void one_too_many_waits_for_a_place_that_a_deaf_one_keeps() throws Exception {
    var first = CompletableFuture.supplyAsync(() -> call("2025-11-25", "crowded", "one"));
    var second = CompletableFuture.supplyAsync(() -> call("2026-07-28", "crowded", "two"));
    gate("one").awaitBegun();
    gate("two").awaitBegun();

    var third = call("2026-07-28", "crowded", "three");
    assertThat(third.status()).isEqualTo(429);
    assertThat(third.header("retry-after")).isEqualTo("1");
    var error = third.error();
    assertThat(error.path("code").asInt()).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(error.at("/data/limit").asString()).isEqualTo("tool-concurrency");
    assertThat(call("2025-11-25", "crowded", "three").status()).isEqualTo(429);

    var elsewhere =
        CompletableFuture.supplyAsync(() -> session.on(a).call("crowded", json("{'name':'four'}")));
    gate("four").awaitBegun();
    var fifth = CompletableFuture.supplyAsync(() -> call("2025-11-25", "crowded", "five"));
    gate("one").open();
    gate("five").awaitBegun();
    for (var name : new String[] {"two", "four", "five"}) {
      gate(name).open();
    }
    for (var each : List.of(first, second, elsewhere, fifth)) {
      assertThat(each.get().text()).isEqualTo("done");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void a_client_that_asked_for_progress_hears_that_its_call_goes_on(String era)
      throws InterruptedException {
    var params =
        json("{'name':'alive','arguments':{'name':'alive%s'},'_meta':{'progressToken':7}}", era);
    var call =
        (era.equals("2025-11-25")
                ? session.on(b).request("tools/call", params)
                : alone.on(b).request("tools/call", params))
            .sse();
    var last = 0.0;
    for (int beat = 0; beat < 3; beat++) {
      var told = call.nextMessage("notifications/progress").path("params");
      assertThat(told.path("progress").asDouble()).isGreaterThan(last).isLessThan(0.01);
      assertThat(told.path("progressToken").asInt()).isEqualTo(7);
      last = told.path("progress").asDouble();
    }
    gate("alive" + era).open();
    var message = call.nextMessage(Trio.FAULT_PATIENCE);
    while (!message.has("id")) {
      last = message.at("/params/progress").asDouble();
      message = call.nextMessage(Trio.FAULT_PATIENCE);
    }
    assertThat(last).as("what the handler said").isEqualTo(1);
    assertThat(Reply.text(message.path("result"))).isEqualTo("done");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void who_did_not_ask_hears_nothing(String era) throws InterruptedException {
    gate("quiet" + era).open();

    assertThat(call(era, "alive", "quiet" + era).isStream()).isFalse();
  }
}
