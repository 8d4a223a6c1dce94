package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.Completion;
import trunkline.feature.ElicitResult;
import trunkline.feature.Interceptor;
import trunkline.feature.Invocation;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.ResourceContents;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// Goal: what stands around handlers stands around all of them, on whichever instance and carrier,
/// in both eras. The session is opened on one instance and used on the other.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterceptorsAcrossInstancesTest {
  record Name(String name) {}

  private static final Map<String, String> REQUESTS =
      Map.of(
          "tools/call greet", json("{'name':'greet','arguments':{'name':'Ada'}}"),
          "prompts/get ask", json("{'name':'ask','arguments':{'what':'bread'}}"),
          "resources/read menu://today", json("{'uri':'menu://today'}"),
          "completion/complete what",
              json(
                  "{'ref':{'type':'ref/prompt','name':'ask'},'argument':{'name':'what','value':'br'}}"));

  private static final Logger LOG = LoggerFactory.getLogger(InterceptorsAcrossInstancesTest.class);

  private static final class Hours {
    private volatile boolean open = true;

    boolean areOpen() {
      return open;
    }
  }

  private final Hours hours = new Hours();
  private final TestCluster cluster;
  private final Queue<String> passed = new ConcurrentLinkedQueue<>();
  private final McpTestClient session = new McpTestClient();
  private final StatelessTestClient alone = new StatelessTestClient("{'elicitation':{}}");
  private TestCluster.Instance a;
  private TestCluster.Instance b;

  InterceptorsAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  private Interceptor noting(String who) {
    return new Interceptor() {
      @Override
      public <R> R around(Invocation<R> invocation, Next<R> next) throws Exception {
        var what = invocation.method() + " " + invocation.name();
        passed.add(who + " " + what + " " + invocation.caller().name());
        try {
          return next.proceed(invocation);
        } finally {
          passed.add(who + " ended");
        }
      }
    };
  }

  /// As in the documentation.
  private void close(Catalog.Builder catalog) {
    catalog.around(
        Interceptor.ofTools((call, next) -> {
          if (!hours.areOpen()) {
            return ToolResult.error("The kitchen is closed until 8.");
          }
          var begun = System.nanoTime();
          try {
            return next.proceed(call);
          } finally {
            LOG.info("{} took {} ns", call.name(), System.nanoTime() - begun);
          }
        }));
  }

  @BeforeAll
  void start() throws InterruptedException {
    var catalog = Catalog.builder();
    close(catalog);
    cluster.with(
        catalog
            .around(noting("outer"), noting("inner"))
            .around(
                Interceptor.ofTools((call, next) ->
                    switch (call.arguments().path("name").asString("")) {
                      case "answer" -> ToolResult.text("instead");
                      case "change" -> next.proceed(call.with(name("Bob")));
                      case "spoil" -> next.proceed(call.with(Codec.object().put("name", 7)));
                      case "other" ->
                          next.proceed(
                              new Invocation.ToolCall(unknown(), call.arguments(), call.context()));
                      case "refuse" -> throw RpcException.invalidParams("not you");
                      case "fail" -> throw new IllegalStateException("secret");
                      default -> next.proceed(call);
                    }),
                Interceptor.ofPrompts((prompt, next) ->
                    "stone".equals(prompt.arguments().get("what"))
                        ? List.of(PromptMessage.user("instead"))
                        : next.proceed(prompt)),
                Interceptor.ofResources((reading, next) ->
                    reading.name().equals("menu://closed")
                        ? List.of(ResourceContents.text("menu://closed", "text/plain", "instead"))
                        : next.proceed(reading)),
                Interceptor.ofCompletions((completing, next) ->
                    completing.value().equals("st")
                        ? Completion.of(List.of("instead"))
                        : next.proceed(completing)),
                Interceptor.ofQuestions((asking, next) ->
                    asking.context().meta().has("test/answers")
                        ? List.of(
                            Codec.objectFrom(
                                json("{'action':'accept','content':{'name':'Nobody'}}")))
                        : next.proceed(asking)))
            .add(
                Tool.named("greet")
                    .description("Greets")
                    .input(Name.class)
                    .tasks(TaskSupport.OPTIONAL)
                    .handler((guest, _) -> ToolResult.text("Hello " + guest.name())),
                Tool.named("ask_and_greet")
                    .description("Asks, then greets")
                    .handler((_, context) ->
                        ToolResult.text(
                            "Hello "
                                + (context.elicit("Who?", Name.class)
                                        instanceof ElicitResult.Accepted(var given)
                                    ? given.name()
                                    : "-"))),
                Resource.at("menu://today").name("today").text((_, _) -> "soup"),
                Resource.at("menu://closed").name("closed").text((_, _) -> "nothing"),
                Prompt.named("ask")
                    .argument(
                        PromptArgument.required("what", "what")
                            .completedBy((_, _) -> Completion.of(List.of("bread", "stone"))))
                    .handler(
                        (given, _) -> List.of(PromptMessage.user(given.getOrDefault("what", "")))))
            .build());
    a = cluster.start("a");
    b = cluster.start("b");
    session.on(a).connect("2025-11-25", json("{'elicitation':{}}"));
  }

  private static ObjectNode name(String name) {
    return Codec.object().put("name", name);
  }

  private static Tool unknown() {
    return Tool.named("other").description("Other").handler((_, _) -> ToolResult.of());
  }

  @AfterAll
  void stop() {
    session.close();
    alone.close();
    cluster.close();
  }

  private Reply send(String era, String method, String params) {
    return era.equals("2025-11-25")
        ? session.on(b).request(method, params)
        : alone.on(b).request(method, params);
  }

  private String greeted(String era, String name) throws InterruptedException {
    return send(era, "tools/call", json("{'name':'greet','arguments':{'name':'%s'}}", name)).text();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void they_stand_around_each_kind_in_their_order(String era) throws InterruptedException {
    for (var request : REQUESTS.entrySet()) {
      passed.clear();

      send(era, request.getKey().substring(0, request.getKey().indexOf(' ')), request.getValue())
          .result();

      assertThat(passed)
          .as(request.getKey())
          .containsExactly(
              "outer " + request.getKey() + " anonymous",
              "inner " + request.getKey() + " anonymous",
              "inner ended",
              "outer ended");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void they_answer_change_and_refuse(String era) throws InterruptedException {
    assertThat(greeted(era, "Ada")).isEqualTo("Hello Ada");
    assertThat(greeted(era, "answer")).isEqualTo("instead");
    assertThat(greeted(era, "change")).isEqualTo("Hello Bob");
    assertThat(greeted(era, "spoil")).contains("Invalid arguments for tool greet");
    assertThat(greeted(era, "other")).isEqualTo("The tool greet failed.");
    assertThat(greeted(era, "fail")).isEqualTo("The tool greet failed.");
    assertThat(
            send(era, "tools/call", json("{'name':'greet','arguments':{'name':'refuse'}}"))
                .error()
                .path("message")
                .asString())
        .isEqualTo("not you");
    assertThat(
            send(era, "prompts/get", json("{'name':'ask','arguments':{'what':'stone'}}"))
                .result()
                .at("/messages/0/content/text")
                .asString())
        .isEqualTo("instead");
    assertThat(
            send(era, "resources/read", json("{'uri':'menu://closed'}"))
                .result()
                .at("/contents/0/text")
                .asString())
        .isEqualTo("instead");
    assertThat(
            send(
                    era,
                    "completion/complete",
                    json(
                        "{'ref':{'type':'ref/prompt','name':'ask'},'argument':{'name':'what','value':'st'}}"))
                .result()
                .at("/completion/values/0")
                .asString())
        .isEqualTo("instead");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void they_answer_questions_instead_of_a_client(String era) throws InterruptedException {
    passed.clear();

    var text =
        send(era, "tools/call", json("{'name':'ask_and_greet','_meta':{'test/answers':true}}"))
            .text();

    assertThat(text).isEqualTo("Hello Nobody");
    assertThat(passed).contains("outer ask elicitation/create anonymous");
  }

  @Test
  void a_kitchen_is_closed_on_every_instance() throws InterruptedException {
    hours.open = false;
    try {
      assertThat(greeted("2025-11-25", "Ada")).isEqualTo("The kitchen is closed until 8.");
      assertThat(greeted("2026-07-28", "Ada")).isEqualTo("The kitchen is closed until 8.");
    } finally {
      hours.open = true;
    }
  }

  @Test
  void a_question_ends_the_round_through_them() throws InterruptedException {
    var asked = alone.on(a).call("ask_and_greet", "{}").result();

    assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
    assertThat(
            alone
                .on(b)
                .answer(
                    "ask_and_greet",
                    "{}",
                    asked,
                    json("{'question-1':{'action':'accept','content':{'name':'Eve'}}}"))
                .text())
        .isEqualTo("Hello Eve");
  }

  @Test
  void they_stand_around_a_task() throws InterruptedException {
    var task =
        session
            .on(a)
            .request("tools/call", json("{'name':'greet','arguments':{'name':'change'},'task':{}}"))
            .result()
            .at("/task/taskId")
            .asString();

    assertThat(session.on(b).request("tasks/result", json("{'taskId':'%s'}", task)).text())
        .isEqualTo("Hello Bob");
  }
}
