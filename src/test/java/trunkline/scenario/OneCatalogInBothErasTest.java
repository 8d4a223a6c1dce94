package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.catalog.FeatureLoader;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// The whole playground, used in a session of 2025-11-25 and without one in 2026-07-28, each
/// request on another instance than the one before: the user sees the same, but for what only a
/// session has.
class OneCatalogInBothErasTest {
  private static final String CAPABILITIES = "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}";

  /// What a client is told besides, in one era or the other.
  private static final List<String> UNSEEN =
      List.of("resultType", "_meta", "ttlMs", "cacheScope", "execution");

  /// How each tool is called; the whispering one is told the session of who listens.
  private static final Map<String, String> CALLS =
      Map.ofEntries(
          Map.entry("calculate", "{'a':6,'b':7,'operation':'MULTIPLY'}"),
          Map.entry("order_pizza", "{'guests':2}"),
          Map.entry("summarize", "{'text':'a long story'}"),
          Map.entry("bake", "{'seconds':1}"),
          Map.entry("whisper", "{'sessionId':'%s','text':'psst'}"),
          Map.entry("shout", "{'text':'hear'}"),
          Map.entry("run_clock", "{'seconds':1}"),
          Map.entry("surprise", "{}"),
          Map.entry("hide_surprise", "{'hidden':false}"),
          Map.entry("show_roots", "{}"),
          Map.entry("show_menu", "{}"),
          Map.entry("find_city", "{'text':'li'}"));

  private static final List<String> IN_A_SESSION = List.of("add_note", "list_notes", "who_am_i");

  private final McpTestClient session = new McpTestClient();
  private final McpTestClient listener = new McpTestClient();
  private final StatelessTestClient alone = new StatelessTestClient(CAPABILITIES);
  private final List<String> askedInSession = new ArrayList<>();
  private final List<String> askedAlone = new ArrayList<>();
  private List<TestCluster.Instance> instances = List.of();
  private int turn;

  @BeforeEach
  void start(TestCluster cluster) throws Exception {
    cluster.with(FeatureLoader.load("sample"));
    instances = List.of(cluster.start("a"), cluster.start("b"), cluster.start("c"));
    session.on(next()).connect("2025-11-25", CAPABILITIES);
    listener.on(next()).connect("2025-11-25", "{}");
    for (var method : List.of("elicitation/create", "sampling/createMessage", "roots/list")) {
      session.answering(
          method, next().url(), params -> answer(question(method, params), askedInSession));
    }
  }

  @AfterEach
  void close() {
    session.close();
    listener.close();
    alone.close();
  }

  private TestCluster.Instance next() {
    return instances.get(turn++ % instances.size());
  }

  private static ObjectNode question(String method, JsonNode params) {
    var question = (ObjectNode) Json.of("{}");
    question.put("method", method);
    question.set("params", params);
    return question;
  }

  /// The user, and the client's model.
  private static JsonNode answer(JsonNode question, List<String> asked) {
    var method = question.path("method").asString();
    var params = question.path("params");
    asked.add(
        "%s: %s %s %s"
            .formatted(
                method,
                params.path("message").asString(""),
                params.path("requestedSchema"),
                params.path("messages")));
    return Json.of(
        switch (method) {
          case "elicitation/create" ->
              "{\"action\":\"accept\",\"content\":{\"size\":\"LARGE\",\"toppings\":[\"OLIVES\"]}}";
          case "sampling/createMessage" ->
              "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"short\"}}";
          case "roots/list" -> "{\"roots\":[{\"uri\":\"file:///home\"}]}";
          default -> throw new AssertionError(method);
        });
  }

  private JsonNode inSession(String method, String params) throws InterruptedException {
    return seen(session.on(next()).request(method, params.replace('\'', '"')));
  }

  /// Answers whatever is asked until nothing is.
  private JsonNode alone(String method, String params) throws InterruptedException {
    var asking = (ObjectNode) Json.of(params.replace('\'', '"'));
    while (true) {
      var reply = alone.on(next()).request(method, asking.toString());
      var response = reply.response();
      var result = response.path("result");
      if (!result.path("resultType").asString("").equals("input_required")) {
        return seen(response);
      }
      var answers = asking.putObject("inputResponses");
      result
          .path("inputRequests")
          .properties()
          .forEach(each -> answers.set(each.getKey(), answer(each.getValue(), askedAlone)));
      asking.set("requestState", result.path("requestState"));
    }
  }

  private static JsonNode seen(Reply reply) throws InterruptedException {
    return seen(reply.response());
  }

  private static JsonNode seen(JsonNode response) {
    var seen =
        response.has("error") ? response.path("error").path("message") : response.path("result");
    return without(seen);
  }

  private static JsonNode without(JsonNode json) {
    if (json instanceof ObjectNode object) {
      UNSEEN.forEach(object::remove);
      object.forEach(OneCatalogInBothErasTest::without);
    } else if (json.isArray()) {
      json.forEach(OneCatalogInBothErasTest::without);
    }
    return json;
  }

  @Test
  void every_tool_says_the_same() throws Exception {
    var tools = alone("tools/list", "{}");
    assertThat(tools).isEqualTo(inSession("tools/list", "{}"));
    var names =
        tools.path("tools").valueStream().map(tool -> tool.path("name").asString()).toList();
    var walked = new ArrayList<>(CALLS.keySet());
    walked.addAll(IN_A_SESSION);
    assertThat(names).containsExactlyInAnyOrderElementsOf(walked);

    var told = new LinkedHashMap<String, JsonNode>();
    var expected = new LinkedHashMap<String, JsonNode>();
    for (var name : names) {
      if (CALLS.containsKey(name)) {
        var call =
            "{'name':'%s','arguments':%s}"
                .formatted(name, CALLS.get(name).replace("%s", listener.sessionId()));
        expected.put(name, inSession("tools/call", call));
        told.put(name, alone("tools/call", call));
      }
    }

    assertThat(told).isEqualTo(expected);
    assertThat(told.values())
        .allSatisfy(result -> {
          assertThat(result.path("content").isEmpty()).as("%s", result).isFalse();
          assertThat(result.path("isError").asBoolean(false)).as("%s", result).isFalse();
        });
    assertThat(askedAlone).hasSize(3).isEqualTo(askedInSession);
  }

  /// Wrong calls are refused in the same words.
  @Test
  void every_mistake_is_called_the_same() throws Exception {
    for (var call :
        List.of(
            "{'name':'calculate','arguments':{'a':1,'b':0,'operation':'DIVIDE'}}",
            "{'name':'calculate','arguments':{'a':'one'}}",
            "{'name':'bake','arguments':{'seconds':0}}",
            "{'name':'whisper','arguments':{'sessionId':'nobody','text':'psst'}}",
            "{'name':'nothing','arguments':{}}")) {
      assertThat(alone("tools/call", call)).as(call).isEqualTo(inSession("tools/call", call));
    }
    for (var read : List.of("sample://cities/Atlantis", "sample://nowhere")) {
      var params = "{'uri':'" + read + "'}";
      assertThat(alone("resources/read", params)).isEqualTo(inSession("resources/read", params));
    }
    assertThat(alone("prompts/get", "{'name':'travel_guide'}"))
        .isEqualTo(inSession("prompts/get", "{'name':'travel_guide'}"));
  }

  @Test
  void every_resource_and_prompt_says_the_same() throws Exception {
    for (var list : List.of("resources/list", "resources/templates/list", "prompts/list")) {
      assertThat(alone(list, "{}")).as(list).isEqualTo(inSession(list, "{}"));
    }
    for (var each :
        Map.of(
                "resources/read",
                "{'uri':'sample://cities/Lisbon'}",
                "prompts/get",
                "{'name':'travel_guide','arguments':{'city':'Bern','style':'sporty'}}",
                "completion/complete",
                "{'ref':{'type':'ref/prompt','name':'travel_guide'},"
                    + "'argument':{'name':'city','value':'L'}}")
            .entrySet()) {
      var told = alone(each.getKey(), each.getValue());
      assertThat(told).as(each.getKey()).isEqualTo(inSession(each.getKey(), each.getValue()));
      assertThat(told.isObject()).as("%s", told).isTrue();
    }
    for (var clock :
        List.of(
            alone("resources/read", "{'uri':'sample://clock'}"),
            inSession("resources/read", "{'uri':'sample://clock'}"))) {
      assertThat(clock.at("/contents/0/text").asString())
          .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }
  }

  @Test
  void a_tool_is_shown_on_its_page() throws Exception {
    var read = "{'uri':'ui://sample/menu.html'}";
    var page = alone("resources/read", read);

    assertThat(page).isEqualTo(inSession("resources/read", read));
    assertThat(page.at("/contents/0/mimeType").asString()).isEqualTo("text/html;profile=mcp-app");
    assertThat(page.at("/contents/0/text").asString()).startsWith("<!DOCTYPE html>");
  }

  /// Nothing is kept from one call to the next, and nobody is told that it was.
  @Test
  void what_only_a_session_has_is_missing_in_so_many_words() throws Exception {
    var note = "{'name':'add_note','arguments':{'text':'remember'}}";
    var notes = "{'name':'list_notes','arguments':{}}";
    var me = "{'name':'who_am_i','arguments':{}}";

    assertThat(inSession("tools/call", note).at("/structuredContent/notes/0").asString())
        .isEqualTo("remember");
    assertThat(inSession("tools/call", notes).at("/structuredContent/notes/0").asString())
        .isEqualTo("remember");
    assertThat(inSession("tools/call", me).at("/structuredContent/sessionId").asString())
        .isEqualTo(session.sessionId());

    var refused = alone("tools/call", note);
    assertThat(refused.path("isError").asBoolean()).isTrue();
    assertThat(Reply.text(refused)).contains("2026-07-28", "no session", "'notes'");
    assertThat(alone("tools/call", notes).at("/structuredContent/notes")).isEmpty();
    assertThat(alone("tools/call", me).path("structuredContent"))
        .isEqualTo(Json.of("{\"sessionId\":\"\",\"principal\":\"anonymous\"}"));
  }
}
