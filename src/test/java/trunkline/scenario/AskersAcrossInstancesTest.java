package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import trunkline.feature.Catalog;
import trunkline.feature.Completer;
import trunkline.feature.Completion;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.RequestContext;
import trunkline.feature.Resource;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// Goal: a handler knows who asks, in both eras, whatever is asked for, on whichever instance, and
/// in the run after the one that was lost. The session is opened on one instance and used on the
/// other.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AskersAcrossInstancesTest {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String META = json("'_meta':{'traceparent':'%s'}", TRACE);

  private static final String ALONE =
      json(
          "'_meta':{'traceparent':'%s','io.modelcontextprotocol/clientInfo':{'name':'test','version':'1','icons':[7]}}",
          TRACE);

  private static final String SEEN =
      """
      {"client": "test 1", "revision": "REVISION", "trace": "%s", "tenant": "north, south",
       "authorization": "Bearer a-token", "principal": "ada", "team": "kitchen"}
      """
          .formatted(TRACE);

  private final TestCluster cluster;
  private final Gate gate = new Gate();
  private final McpTestClient session = known(new McpTestClient());
  private final StatelessTestClient alone =
      new StatelessTestClient("{'extensions':{'io.modelcontextprotocol/tasks':{}}}")
          .withHeader("Authorization", "Bearer a-token")
          .withHeader("X-Tenant", "north, south")
          .withHeader("X-Other", "hidden");
  private TestCluster.Instance a;
  private TestCluster.Instance b;

  AskersAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  private static McpTestClient known(McpTestClient client) {
    return client
        .withHeader("Authorization", "Bearer a-token")
        .withHeader("X-Tenant", "north, south")
        .withHeader("X-Other", "hidden");
  }

  private static ObjectNode seen(RequestContext context) {
    var json = Codec.object();
    json.put("client", context.client().map(it -> it.name() + " " + it.version()).orElse("-"));
    json.put("revision", context.protocolVersion());
    json.put("trace", context.meta().path("traceparent").asString("-"));
    json.put("tenant", context.header("x-tenant").orElse("-"));
    json.put("authorization", context.header("Authorization").orElse("-"));
    json.put("principal", context.identity().name());
    json.put("team", context.identity().claim("team").map(JsonNode::asString).orElse("-"));
    return json;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    var hash = HexFormat.of().formatHex(digest.digest("a-token".getBytes(StandardCharsets.UTF_8)));
    var tokens =
        Files.writeString(
            folder.resolve("tokens"), "ada " + hash + " {\"team\": \"kitchen\", \"level\": 3}\n");
    cluster
        .with("bearer-tokens-file", tokens.toString())
        .with("request-headers", "Authorization")
        .with("lease", "2s")
        .with(
            Catalog.builder()
                .headers("X-Tenant")
                .add(
                    Tool.named("look")
                        .description("Looks")
                        .handler((_, context) -> ToolResult.structured(seen(context))),
                    Tool.named("look_later")
                        .description("Looks as a task")
                        .tasks(TaskSupport.REQUIRED)
                        .handler((_, context) -> ToolResult.structured(seen(context))),
                    Tool.named("peek")
                        .description("Looks at what nobody has named")
                        .handler((_, context) ->
                            ToolResult.text(
                                refusal(() -> context.header("X-Other").orElse("shown")))),
                    Tool.named("hold_and_look")
                        .description("Holds its first run")
                        .readOnly()
                        .tasks(TaskSupport.OPTIONAL)
                        .handler((_, context) -> {
                          context.progress(1, 2);
                          context.once("stored", StringNode.class, () -> StringNode.valueOf("x"));
                          gate.enter();
                          gate.begin();
                          gate.pass();
                          return ToolResult.structured(seen(context));
                        }),
                    Resource.at("look://here")
                        .name("here")
                        .text((_, context) -> seen(context).toString()),
                    Prompt.named("ask")
                        .argument(
                            PromptArgument.optional("what", "what")
                                .completedBy(
                                    Completer.inContext((_, _, context) ->
                                        Completion.of(List.of(seen(context).toString())))))
                        .handler(
                            (_, context) -> List.of(PromptMessage.user(seen(context).toString()))))
                .build());
    a = cluster.start("a");
    b = cluster.start("b");
    session.on(a).connect("2025-11-25");
  }

  private static String refusal(Supplier<String> risky) {
    try {
      return risky.get();
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @AfterAll
  void stop() {
    gate.open();
    session.close();
    alone.close();
    cluster.close();
  }

  private static JsonNode expected(String revision) {
    return Json.of(SEEN.replace("REVISION", revision));
  }

  /// Of a further run: what lets somebody in is not stored.
  private static JsonNode recalled(String revision) {
    return Json.of(SEEN.replace("REVISION", revision).replace("Bearer a-token", "-"));
  }

  private static Map<String, String> requests(String meta) {
    return Map.of(
        "tools/call", "{\"name\":\"look\"," + meta + "}",
        "prompts/get", "{\"name\":\"ask\"," + meta + "}",
        "resources/read", "{\"uri\":\"look://here\"," + meta + "}",
        "completion/complete",
            json("{'ref':{'type':'ref/prompt','name':'ask'},'argument':{'name':'what','value':''},")
                + meta
                + "}");
  }

  private static JsonNode look(String method, JsonNode result) {
    return switch (method) {
      case "tools/call" -> result.path("structuredContent");
      case "prompts/get" -> Json.of(result.at("/messages/0/content/text").asString());
      case "resources/read" -> Json.of(result.at("/contents/0/text").asString());
      default -> Json.of(result.at("/completion/values/0").asString());
    };
  }

  @Test
  void whatever_is_asked_for_the_handler_knows_who_asks() throws InterruptedException {
    requireSeen("2025-11-25", META, (method, params) -> session.on(b).request(method, params));
    requireSeen("2026-07-28", ALONE, (method, params) -> alone.on(b).request(method, params));
  }

  @FunctionalInterface
  private interface Asking {
    Reply ask(String method, String params) throws InterruptedException;
  }

  private static void requireSeen(String revision, String meta, Asking asking)
      throws InterruptedException {
    for (var request : requests(meta).entrySet()) {
      var method = request.getKey();
      assertThat(look(method, asking.ask(method, request.getValue()).result()))
          .as(method)
          .isEqualTo(expected(revision));
    }
  }

  @Test
  void who_says_nothing_is_nobody() throws InterruptedException {
    var nameless =
        alone.on(a).call("look", "{}", "X-Tenant", "").result().path("structuredContent");

    assertThat(nameless.path("client").asString()).isEqualTo("-");
    assertThat(nameless.path("trace").asString()).isEqualTo("-");
  }

  @Test
  void a_header_that_nobody_named_is_not_seen_and_it_is_said_how_it_would_be()
      throws InterruptedException {
    assertThat(session.on(b).call("peek").text())
        .contains("headers(\"X-Other\")", "--request-headers X-Other");
  }

  @Test
  void a_task_knows_it_too() throws InterruptedException {
    var task =
        session
            .on(a)
            .request("tools/call", "{\"name\":\"look_later\",\"task\":{}," + META + "}")
            .result()
            .at("/task/taskId")
            .asString();
    assertThat(
            session
                .on(b)
                .request("tasks/result", json("{'taskId':'%s'}", task))
                .result()
                .path("structuredContent"))
        .isEqualTo(expected("2025-11-25"));

    var other =
        alone
            .on(a)
            .request("tools/call", "{\"name\":\"look_later\"," + ALONE + "}")
            .result()
            .path("taskId")
            .asString();
    assertThat(ended(other)).isEqualTo(expected("2026-07-28"));
  }

  private JsonNode ended(String task) throws InterruptedException {
    cluster
        .database()
        .await(
            "exists (select from trunkline.tasks where task_id = '%s' and status = 'completed')"
                .formatted(task),
            Trio.FAULT_PATIENCE);
    return alone
        .on(b)
        .request("tasks/get", json("{'taskId':'%s'}", task))
        .result()
        .at("/result/structuredContent");
  }

  @Test
  void the_run_after_the_lost_one_knows_all_but_the_credentials() throws InterruptedException {
    var lost = cluster.start("lost");
    var call =
        session
            .on(lost)
            .request(
                "tools/call",
                "{\"name\":\"hold_and_look\","
                    + META.replace("{\"trace", "{\"progressToken\":7,\"trace")
                    + "}")
            .sse();
    call.nextMessage("notifications/progress");
    var task =
        alone
            .on(lost)
            .request("tools/call", "{\"name\":\"hold_and_look\"," + ALONE + "}")
            .result()
            .path("taskId")
            .asString();
    gate.awaitBegun();
    var last = call.requireLastEventId();
    lost.kill();
    cluster
        .database()
        .await("exists (select from trunkline.calls where runs = 2)", Trio.FAULT_PATIENCE);
    cluster
        .database()
        .await(
            "exists (select from trunkline.tasks where task_id = '%s' and begun = 2)"
                .formatted(task),
            Trio.FAULT_PATIENCE);
    gate.open();

    var resumed = session.on(b).resume(last).sse();
    var message = resumed.nextMessage(Trio.FAULT_PATIENCE);
    while (!message.has("id")) {
      message = resumed.nextMessage(Trio.FAULT_PATIENCE);
    }
    assertThat(message.at("/result/structuredContent")).isEqualTo(recalled("2025-11-25"));
    assertThat(ended(task)).isEqualTo(recalled("2026-07-28"));
    assertThat(
            cluster
                .database()
                .sql(
                    "select count(*) from trunkline.tasks where position('a-token' in convert_from(request, 'UTF8')) > 0")
                .number())
        .isZero();
  }
}
