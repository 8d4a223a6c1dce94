package trunkline.protocol.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Annotations;
import trunkline.feature.Catalog;
import trunkline.feature.ClientCapability;
import trunkline.feature.Completer;
import trunkline.feature.Content;
import trunkline.feature.FeatureKind;
import trunkline.feature.Icon;
import trunkline.feature.Implementation;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.ResourceNotFound;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.around.Interception;
import trunkline.protocol.wire.Revision;
import trunkline.protocol.wire.ServerIdentity;
import trunkline.telemetry.ServerEvent;

class MethodsTest {
  record Sum(int a, int b) {}

  record Total(int total) {}

  private static Tool failing(String name, Throwable how) {
    return Tool.named(name)
        .description("Fails")
        .handler((none, context) -> {
          if (how instanceof Error error) {
            throw error;
          }
          throw (Exception) how;
        });
  }

  private static final Catalog CATALOG =
      Catalog.builder()
          .instructions("Use wisely.")
          .add(
              Tool.named("add")
                  .title("Add")
                  .description("Adds")
                  .icon(new Icon("https://example.org/add.png"))
                  .input(Sum.class)
                  .output(Total.class)
                  .readOnly()
                  .handler((sum, context) -> new Total(sum.a() + sum.b())),
              Tool.named("link")
                  .description("Links")
                  .outputSchema("{\"type\":\"array\"}")
                  .handler((none, context) ->
                      new ToolResult(List.of(Content.link("x://1", "one")), Codec.array(), false)),
              Tool.named("ask")
                  .description("Asks")
                  .needs(ClientCapability.SAMPLING)
                  .handler((none, context) -> ToolResult.text("never")),
              failing("secret", new IllegalStateException("password=hunter2")),
              failing("unlinked", new NoClassDefFoundError("com/example/Missing")),
              failing("told", new ToolFailed("no such order")),
              failing("stopped", new CancellationException()),
              Resource.at("x://one")
                  .name("one")
                  .title("One")
                  .mimeType("text/plain")
                  .size(3)
                  .annotations(new Annotations(List.of(), 0.5, null))
                  .text((request, context) -> "one"),
              ResourceTemplate.matching("x://items/{id}")
                  .name("item")
                  .completes("id", Completer.among(List.of("apple", "ant", "bee")))
                  .text((request, context) -> {
                    if (request.variable("id").equals("private")) {
                      throw new UrlElicitationRequired(
                          "Sign in.", id -> URI.create("https://example.org/" + id));
                    }
                    if (request.variable("id").equals("none")) {
                      throw new ResourceNotFound(request.uri());
                    }
                    if (request.variable("id").equals("broken")) {
                      throw new IllegalStateException("password=hunter2");
                    }
                    return request.variable("id");
                  }),
              Prompt.named("greet")
                  .title("Greet")
                  .description("Greets")
                  .argument(
                      PromptArgument.required("who", "whom to greet")
                          .completedBy((value, settled) ->
                              trunkline.feature.Completion.of(
                                  List.of(value + settled.getOrDefault("how", "-")))))
                  .argument(PromptArgument.optional("how", "how"))
                  .handler((arguments, context) ->
                      List.of(PromptMessage.user("Hello " + arguments.get("who")))))
          .build();

  private static final ServerIdentity IDENTITY =
      new ServerIdentity(Implementation.of("shop", "2.1"), null);

  private final List<ServerEvent> events = new ArrayList<>();
  private Switches switches = Switches.ALL_ON;
  private final Methods methods =
      new Methods(
          CATALOG, IDENTITY, () -> switches, () -> switches, Interception.NONE, events::add);
  private ScriptedCall context = new ScriptedCall(Revision.V2025_11_25);

  private JsonNode call(String method, String params) throws InterruptedException {
    var result =
        methods
            .find(method)
            .orElseThrow()
            .handle(context, Codec.objectFrom(params.replace('\'', '"')));
    return Codec.tree(Codec.text(result)); // as a client gets it
  }

  private RpcException refused(String method, String params) {
    return catchThrowableOfType(RpcException.class, () -> call(method, params));
  }

  private static JsonNode json(String json) {
    return Codec.tree(json.replace('\'', '"'));
  }

  @ParameterizedTest
  @EnumSource(Revision.class)
  void an_entry_has_only_what_the_revision_knows(Revision revision) throws Exception {
    context = new ScriptedCall(revision);

    var add = call("tools/list", "{}").path("tools").path(0);

    var later = revision != Revision.V2025_03_26;
    assertThat(add.has("title")).isEqualTo(later);
    assertThat(add.has("outputSchema")).isEqualTo(later);
    assertThat(add.has("icons")).isEqualTo(revision.compareTo(Revision.V2025_11_25) >= 0);
    assertThat(add.path("annotations"))
        .isEqualTo(json(later ? "{'readOnlyHint':true}" : "{'readOnlyHint':true,'title':'Add'}"));
    assertThat(call("tools/list", "{}").path("tools").path(1).has("outputSchema"))
        .isEqualTo(revision == Revision.V2026_07_28);
  }

  @ParameterizedTest
  @EnumSource(Revision.class)
  void a_result_has_only_what_the_revision_knows(Revision revision) throws Exception {
    context = new ScriptedCall(revision);

    var sum = call("tools/call", "{'name':'add','arguments':{'a':1,'b':2}}");
    var link = call("tools/call", "{'name':'link'}");

    assertThat(sum.path("content"))
        .isEqualTo(json("[{'type':'text','text':'{\\'total\\':3}'}]".replace("\\'", "\\\"")));
    assertThat(sum.has("structuredContent")).isEqualTo(revision != Revision.V2025_03_26);
    assertThat(sum.has("isError")).isFalse();
    assertThat(link.has("structuredContent")).isEqualTo(revision == Revision.V2026_07_28);
    assertThat(link.path("content").path(0).path("type").stringValue())
        .isEqualTo(revision == Revision.V2025_03_26 ? "text" : "resource_link");
  }

  @Test
  void wrong_arguments_are_an_error_of_the_protocol_or_of_the_tool() throws Exception {
    var wrong = "{'name':'add','arguments':{'a':'x','b':2}}";

    var result = call("tools/call", wrong);
    context = new ScriptedCall(Revision.V2025_06_18);

    assertThat(result.path("isError").booleanValue()).isTrue();
    assertThat(result.path("content").path(0).path("text").stringValue()).contains("/a");
    assertThat(refused("tools/call", wrong).error().code()).isEqualTo(ErrorCode.INVALID_PARAMS);
    assertThat(refused("tools/call", wrong).error().message()).contains("/a");
  }

  @Test
  void a_failing_tool_tells_what_it_means_to_and_nothing_else() throws Exception {
    var secret = call("tools/call", "{'name':'secret'}");
    var told = call("tools/call", "{'name':'told','arguments':null}");

    assertThat(secret.path("isError").booleanValue()).isTrue();
    assertThat(secret.toString()).doesNotContain("hunter2");
    assertThat(told)
        .isEqualTo(json("{'content':[{'type':'text','text':'no such order'}],'isError':true}"));
    assertThat(events)
        .singleElement()
        .asString()
        .contains("secret", "IllegalStateException")
        .doesNotContain("hunter2");
    assertThat(call("tools/call", "{'name':'unlinked'}").path("isError").booleanValue()).isTrue();
    assertThatThrownBy(() -> call("tools/call", "{'name':'stopped'}"))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void a_tool_is_not_run_for_a_client_that_lacks_what_it_needs() throws Exception {
    context.capabilities.clear();

    var result = call("tools/call", "{'name':'ask'}");

    assertThat(result.path("isError").booleanValue()).isTrue();
    assertThat(result.toString()).contains("sampling");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tools/call          | {}",
        "tools/call          | {'name':7}",
        "tools/call          | {'name':'unknown'}",
        "tools/call          | {'name':'add','arguments':[1]}",
        "tools/list          | {'cursor':'nonsense'}",
        "tools/list          | {'cursor':7}",
        "resources/read      | {}",
        "resources/subscribe | {'uri':7}",
        "prompts/get         | {'name':'unknown'}",
        "prompts/get         | {'name':'greet'}",
        "prompts/get         | {'name':'greet','arguments':{'who':7}}",
        "logging/setLevel    | {'level':'loud'}",
        "logging/setLevel    | {'level':'INFO'}",
        "logging/setLevel    | {}",
        "completion/complete | {'ref':{'type':'ref/prompt','name':'greet'}}",
        "completion/complete | {'ref':{'type':'ref/x'},'argument':{'name':'a','value':''}}",
        "completion/complete | {'ref':{'type':'ref/prompt','name':'x'},'argument':{'name':'a','value':''}}",
        "completion/complete | {'ref':{'type':'ref/resource','uri':'y://'},'argument':{'name':'a','value':''}}",
      })
  void bad_params_are_told(String method, String params) {
    assertThat(refused(method, params).error().code()).isEqualTo(ErrorCode.INVALID_PARAMS);
  }

  @Test
  void resources_are_listed_and_read() throws Exception {
    assertThat(call("resources/list", "{}"))
        .isEqualTo(
            json(
                "{'resources':[{'uri':'x://one','name':'one','title':'One','mimeType':'text/plain',"
                    + "'annotations':{'priority':0.5},'size':3}]}"));
    assertThat(call("resources/templates/list", "{}"))
        .isEqualTo(json("{'resourceTemplates':[{'uriTemplate':'x://items/{id}','name':'item'}]}"));
    assertThat(call("resources/read", "{'uri':'x://one'}"))
        .isEqualTo(json("{'contents':[{'uri':'x://one','mimeType':'text/plain','text':'one'}]}"));
    assertThat(call("resources/read", "{'uri':'x://items/a%20b'}"))
        .isEqualTo(json("{'contents':[{'uri':'x://items/a%20b','text':'a b'}]}"));
  }

  @ParameterizedTest
  @CsvSource({"V2025_11_25, -32002", "V2026_07_28, -32602"})
  void a_missing_resource_is_named(Revision revision, int code) {
    context = new ScriptedCall(revision);

    for (var uri : List.of("x://items/none", "x://nowhere")) {
      var error = refused("resources/read", "{'uri':'" + uri + "'}").error();
      assertThat(error.code()).isEqualTo(code);
      assertThat(error.data()).isEqualTo(Codec.object().put("uri", uri));
    }
  }

  @Test
  void what_needs_a_page_first_is_refused_with_it_or_in_words() {
    var refused = refused("resources/read", "{'uri':'x://items/private'}").error();
    assertThat(refused.code()).isEqualTo(ErrorCode.URL_ELICITATION_REQUIRED);
    assertThat(context.told).containsExactly("required Sign in.");

    context.capabilities.clear();
    var told = refused("resources/read", "{'uri':'x://items/private'}").error();
    assertThat(told.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(told.message()).endsWith("Sign in.");
  }

  @Test
  void a_failing_resource_is_an_internal_error_without_its_text() {
    var error = refused("resources/read", "{'uri':'x://items/broken'}").error();

    assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(error.message()).contains("x://items/broken").doesNotContain("hunter2");
    assertThat(events).singleElement().isInstanceOf(ServerEvent.HandlerFailed.class);
  }

  @Test
  void subscriptions_are_for_what_exists_and_can_be_kept() throws Exception {
    assertThat(call("resources/subscribe", "{'uri':'x://one'}")).isEqualTo(json("{}"));
    assertThat(call("resources/unsubscribe", "{'uri':'x://one'}")).isEqualTo(json("{}"));
    assertThat(call("resources/unsubscribe", "{'uri':'x://never'}")).isEqualTo(json("{}"));
    assertThat(context.told)
        .containsExactly("subscribed x://one", "unsubscribed x://one", "unsubscribed x://never");
    assertThat(refused("resources/subscribe", "{'uri':'x://nowhere'}").error().code())
        .isEqualTo(ErrorCode.RESOURCE_NOT_FOUND);
    var long_ = "x://items/" + "é".repeat(1500);
    assertThat(refused("resources/subscribe", "{'uri':'" + long_ + "'}").error().code())
        .isEqualTo(ErrorCode.INVALID_PARAMS);
  }

  @Test
  void prompts_are_listed_and_written() throws Exception {
    assertThat(call("prompts/list", "{}"))
        .isEqualTo(
            json(
                "{'prompts':[{'name':'greet','title':'Greet','description':'Greets','arguments':["
                    + "{'name':'who','description':'whom to greet','required':true},"
                    + "{'name':'how','description':'how','required':false}]}]}"));
    assertThat(call("prompts/get", "{'name':'greet','arguments':{'who':'Ada'}}"))
        .isEqualTo(
            json(
                "{'description':'Greets','messages':[{'role':'user','content':"
                    + "{'type':'text','text':'Hello Ada'}}]}"));
  }

  @Test
  void suggestions_know_what_is_settled() throws Exception {
    var request =
        "{'ref':{'type':'ref/prompt','name':'greet'},'argument':{'name':'who','value':'A'},"
            + "'context':{'arguments':{'how':'!'}}}";

    assertThat(call("completion/complete", request))
        .isEqualTo(json("{'completion':{'values':['A!'],'total':1,'hasMore':false}}"));
    context = new ScriptedCall(Revision.V2025_03_26);
    assertThat(call("completion/complete", request).at("/completion/values/0").asString())
        .as("before there was a context")
        .isEqualTo("A-");
    assertThat(
            call(
                "completion/complete",
                "{'ref':{'type':'ref/resource','uri':'x://items/{id}'},"
                    + "'argument':{'name':'id','value':'a'}}"))
        .isEqualTo(json("{'completion':{'values':['apple','ant'],'total':2,'hasMore':false}}"));
    assertThat(
            call(
                "completion/complete",
                "{'ref':{'type':'ref/prompt','name':'greet'},"
                    + "'argument':{'name':'how','value':'a'}}"))
        .isEqualTo(json("{'completion':{'values':[],'total':0,'hasMore':false}}"));
  }

  @Test
  void what_has_no_result_answers_exactly_an_empty_object() throws Exception {
    assertThat(Codec.text(call("ping", "{}"))).isEqualTo("{}");
    assertThat(Codec.text(call("logging/setLevel", "{'level':'warning'}"))).isEqualTo("{}");
    assertThat(context.told).containsExactly("level warning");
  }

  @Test
  void what_is_switched_off_is_unknown() throws Exception {
    switches = new Switches(Set.of(new Switches.Key(FeatureKind.TOOL, "add")));

    assertThat(call("tools/list", "{}").path("tools").path(0).path("name").stringValue())
        .isEqualTo("link");
    assertThat(refused("tools/call", "{'name':'add'}").error().code())
        .isEqualTo(ErrorCode.INVALID_PARAMS);
  }

  @Test
  void nothing_is_served_that_is_not_declared() {
    var empty =
        new Methods(
            Catalog.builder().build(),
            IDENTITY,
            () -> switches,
            () -> switches,
            Interception.NONE,
            events::add);

    assertThat(Codec.text(empty.capabilities(Revision.V2025_11_25, true)))
        .isEqualTo("{\"logging\":{}}");
    for (var method : List.of("tools/list", "resources/read", "prompts/get", "initialize")) {
      assertThat(empty.find(method)).as(method).isEmpty();
    }
    assertThat(empty.find("ping")).isPresent();
  }

  @Test
  void only_what_may_run_twice_is_run_again() {
    var toolCall = methods.find("tools/call").orElseThrow();

    assertThat(toolCall.isRetryable(Codec.object().put("name", "add"))).isTrue();
    assertThat(toolCall.isRetryable(Codec.object().put("name", "link"))).isFalse();
    assertThat(methods.find("resources/read").orElseThrow().isRetryable(Codec.object())).isTrue();
  }
}
