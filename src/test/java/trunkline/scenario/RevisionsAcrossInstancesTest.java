package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Catalog;
import trunkline.feature.ClientCapability;
import trunkline.feature.Content;
import trunkline.feature.Default;
import trunkline.feature.Icon;
import trunkline.feature.Prompt;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;

/// Goal: what was agreed on with `initialize` holds on every instance, and a client gets nothing
/// that its revision does not know. One of the instances only polls.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevisionsAcrossInstancesTest {
  private static final String OLDEST = "2025-03-26";
  private static final String MIDDLE = "2025-06-18";
  private static final String NEWEST = "2025-11-25";
  private static final List<String> ALL = List.of(OLDEST, MIDDLE, NEWEST);
  private static final Icon ICON = new Icon("https://example.org/x.png");

  record Sum(int a, int b) {}

  record Total(int total) {}

  enum Topping {
    OLIVES,
    ONIONS
  }

  record Pizza(
      @Default("2") int number,
      @Default("true") boolean hot,
      Topping first,
      @Default("[]") List<Topping> more) {}

  record Toppings(List<Topping> toppings) {}

  private final TestCluster cluster;
  private TestCluster.Instance a;
  private TestCluster.Instance b;

  RevisionsAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    cluster.with(
        Catalog.builder()
            .add(
                Tool.named("add")
                    .title("Add")
                    .description("Adds")
                    .icon(ICON)
                    .input(Sum.class)
                    .output(Total.class)
                    .handler((sum, context) -> new Total(sum.a() + sum.b())),
                Tool.named("link")
                    .description("Links")
                    .handler((none, context) -> ToolResult.of(Content.link("test://one", "one"))),
                Tool.named("let_go")
                    .description("Gives its connection back and answers")
                    .handler((none, context) -> {
                      context.releaseConnection();
                      context.progress(1, 1.0, "gone");
                      return ToolResult.text("and back");
                    }),
                Tool.named("order")
                    .description("Asks for a pizza")
                    .needs(ClientCapability.ELICITATION)
                    .handler((none, context) ->
                        ToolResult.text(context.elicit("Which pizza?", Pizza.class).toString())),
                Tool.named("insist")
                    .description("Asks for toppings")
                    .needs(ClientCapability.ELICITATION)
                    .handler((none, context) ->
                        ToolResult.text(
                            context.elicit("Which toppings?", Toppings.class).toString())),
                Resource.at("test://one")
                    .name("one")
                    .title("One")
                    .icon(ICON)
                    .text((request, context) -> "one"),
                Prompt.named("greet")
                    .title("Greet")
                    .description("Greets")
                    .icon(ICON)
                    .handler((arguments, context) -> List.of(PromptMessage.user("Hello"))))
            .build());
    a = cluster.start("a");
    b = cluster.start("b", "poll-only", "true");
  }

  @AfterAll
  void stop() {
    cluster.close(); // before the class is searched for threads that it left
  }

  @ParameterizedTest
  @ValueSource(strings = {OLDEST, MIDDLE, NEWEST})
  void a_list_has_only_what_the_revision_knows(String revision) throws InterruptedException {
    try (var client = new McpTestClient()) {
      var server = client.on(a).connect(revision).path("serverInfo");
      var on = client.on(b);

      var entries =
          List.of(
              first(on.request("tools/list"), "tools"),
              first(on.request("resources/list"), "resources"),
              first(on.request("prompts/list"), "prompts"),
              server);

      assertThat(entries)
          .allSatisfy(entry -> assertThat(entry.has("title")).isEqualTo(!revision.equals(OLDEST)));
      assertThat(entries.subList(0, 3))
          .allSatisfy(entry -> assertThat(entry.has("icons")).isEqualTo(revision.equals(NEWEST)));
      assertThat(entries.getFirst().has("outputSchema")).isEqualTo(!revision.equals(OLDEST));
      assertThat(server.has("description")).isEqualTo(revision.equals(NEWEST));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLDEST, MIDDLE, NEWEST})
  void a_call_answers_only_what_the_revision_knows(String revision) throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(a).connect(revision);
      var on = client.on(b);

      var sum = on.call("add", json("{'a':1,'b':2}")).result();
      assertThat(sum.has("structuredContent")).isEqualTo(!revision.equals(OLDEST));
      assertThat(sum.at("/content/0/text").asString()).isEqualTo(json("{'total':3}"));
      assertThat(on.call("link").result().at("/content/0/type").asString())
          .isEqualTo(revision.equals(OLDEST) ? "text" : "resource_link");
      var wrong = on.call("add", json("{'a':'one'}")).json();
      if (revision.equals(NEWEST)) {
        assertThat(wrong.at("/result/isError").asBoolean()).isTrue();
      } else {
        assertThat(wrong.at("/error/code").asInt()).isEqualTo(-32602);
      }
      var missing = on.request("resources/read", json("{'uri':'test://two'}")).error();
      assertThat(missing.get("code").asInt()).isEqualTo(-32002);
      assertThat(missing.get("data")).isEqualTo(Json.of(json("{'uri':'test://two'}")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLDEST, MIDDLE, NEWEST})
  void what_has_no_result_answers_exactly_an_empty_object(String revision)
      throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(a).connect(revision);
      for (var request :
          List.of(
              "'ping','params':{}",
              "'logging/setLevel','params':{'level':'info'}",
              "'resources/subscribe','params':{'uri':'test://one'}",
              "'resources/unsubscribe','params':{'uri':'test://one'}")) {
        var body = json("{'jsonrpc':'2.0','id':'e','method':" + request + "}");

        assertThat(client.on(b).post(body).json())
            .isEqualTo(Json.of(json("{'jsonrpc':'2.0','id':'e','result':{}}")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLDEST, MIDDLE, NEWEST})
  void the_header_does_not_change_what_was_agreed_on(String agreed) throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(a).connect(agreed);
      for (var header : List.of("", OLDEST, MIDDLE, NEWEST)) {
        var sum =
            client
                .on(b)
                .call("add", json("{'a':1,'b':2}"), "MCP-Protocol-Version", header)
                .result();

        assertThat(sum.has("structuredContent")).as(header).isEqualTo(!agreed.equals(OLDEST));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLDEST, MIDDLE})
  void before_2025_11_25_a_call_keeps_its_connection(String revision) throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(a).connect(revision);

      var call = client.on(b).callWithProgress("let_go", "{}", "token").sse();

      assertThat(call.next().message().get("method").asString())
          .as("not primed")
          .isEqualTo("notifications/progress");
      assertThat(call.nextResponse().at("/result/content/0/text").asString()).isEqualTo("and back");
    }
  }

  @Test
  void before_2025_11_25_a_form_has_plain_fields() throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(a).connect(MIDDLE, json("{'elicitation':{}}"));
      var call = client.on(a).call("order").sse();
      var question = call.nextMessage("elicitation/create");

      assertThat(question.at("/params/requestedSchema"))
          .isEqualTo(
              Json.of(
                  """
                  {"type": "object", "required": ["first"], "properties": {
                    "number": {"type": "integer", "minimum": -2147483648, "maximum": 2147483647},
                    "hot": {"type": "boolean", "default": true},
                    "first": {"type": "string", "enum": ["OLIVES", "ONIONS"]}}}
                  """));
      client.on(b).respond(question, json("{'action':'accept','content':{'first':'ONIONS'}}"));
      assertThat(call.nextResponse().at("/result/content/0/text").asString())
          .contains("number=2, hot=true, first=ONIONS, more=[]");
    }
  }

  @Test
  void a_form_that_the_revision_cannot_spell_is_not_sent() throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(a).connect(MIDDLE, json("{'elicitation':{}}"));

      var result = client.on(b).call("insist").result();

      assertThat(result.get("isError").asBoolean()).isTrue();
      assertThat(result.toString()).contains("no lists, and toppings is required");
    }
  }

  @Test
  void a_request_may_overtake_initialized() throws InterruptedException {
    for (var revision : ALL) {
      try (var client = new McpTestClient()) {
        client.on(a).initialize(revision, "{}");

        assertThat(client.on(b).call("add", json("{'a':1,'b':2}")).result()).isNotEmpty();
        assertThat(client.on(a).initialized().status()).isEqualTo(202);
      }
    }
  }

  @Test
  void initialize_within_a_session_opens_another_and_leaves_the_first_alone()
      throws InterruptedException {
    try (var client = new McpTestClient();
        var first = new McpTestClient()) {
      client.on(a).connect(NEWEST);
      first.withSession(client.sessionId(), NEWEST);

      client.on(b).initialize(OLDEST, "{}", "Mcp-Session-Id", first.sessionId());

      assertThat(client.sessionId()).isNotEqualTo(first.sessionId());
      assertThat(first.on(b).call("add", json("{'a':1,'b':2}")).result().path("structuredContent"))
          .isNotEmpty();
      assertThat(client.on(a).call("add", json("{'a':1,'b':2}")).result().path("structuredContent"))
          .isEmpty();
    }
  }

  private static JsonNode first(Reply reply, String list) throws InterruptedException {
    return reply.result().get(list).get(0);
  }
}
