package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import trunkline.feature.FeatureKind;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// Goal: what a caller may not see is to it as if it were not there, whatever it does, and what it
/// may see and not use tells which scopes to ask for, before anything runs; in both eras, on every
/// instance.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessAcrossInstancesTest {
  private final TestCluster cluster;
  private TestCluster.Instance a;
  private TestCluster.Instance b;
  private final StatelessTestClient ada = GuardedFeatures.client("a-token");
  private final StatelessTestClient bob = GuardedFeatures.client("b-token");
  private final McpTestClient adaInSession =
      new McpTestClient().withHeader("Authorization", "Bearer a-token");
  private final McpTestClient bobInSession =
      new McpTestClient().withHeader("Authorization", "Bearer b-token");

  AccessAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster
        .with(GuardedFeatures.catalog())
        .with("bearer-tokens-file", GuardedFeatures.tokens(folder).toString());
    a = cluster.start("a");
    b = cluster.start("b");
    adaInSession.on(a).connect("2025-11-25");
    bobInSession.on(a).connect("2025-11-25");
  }

  @AfterAll
  void stop() {
    Stream.of(ada, bob).forEach(StatelessTestClient::close);
    Stream.of(adaInSession, bobInSession).forEach(McpTestClient::close);
    cluster.close();
  }

  /// What can be done with a feature.
  ///
  /// @param params with `%s` for the name that stands before the kind
  /// @param begins what the result of whoever may has in it
  record Operation(String method, String params, boolean session, boolean alone, String begins) {
    @Override
    public String toString() {
      return method + " " + params;
    }

    String of(String name) {
      return json(params.formatted(name));
    }
  }

  private static List<Operation> operations() {
    return List.of(
        new Operation("tools/call", "{'name':'%s_tool'}", true, false, "content"),
        new Operation("tools/call", "{'name':'%s_tool'}", false, true, "taskId"),
        new Operation("tools/call", "{'name':'%s_tool','task':{}}", true, false, "taskId"),
        new Operation("resources/read", "{'uri':'kitchen://%s'}", true, true, "contents"),
        new Operation("resources/read", "{'uri':'%s://soup'}", true, true, "contents"),
        new Operation("resources/subscribe", "{'uri':'kitchen://%s'}", true, false, "{}"),
        new Operation("resources/subscribe", "{'uri':'%s://soup'}", true, false, "{}"),
        new Operation("prompts/get", "{'name':'%s_prompt'}", true, true, "messages"),
        new Operation(
            "completion/complete",
            "{'ref':{'type':'ref/prompt','name':'%s_prompt'},'argument':{'name':'dish','value':''}}",
            true,
            true,
            "soup"),
        new Operation(
            "completion/complete",
            "{'ref':{'type':'ref/resource','uri':'%s://{dish}'},'argument':{'name':'dish','value':''}}",
            true,
            true,
            "soup"));
  }

  /// One era, one instance, one operation.
  private List<Reply> asked(
      Operation operation, String name, McpTestClient session, StatelessTestClient alone) {
    var replies = new ArrayList<Reply>();
    for (var instance : List.of(a, b)) {
      if (operation.session()) {
        replies.add(session.on(instance).requestAs("1", operation.method(), operation.of(name)));
      }
      if (operation.alone()) {
        replies.add(alone.on(instance).requestAs("1", operation.method(), operation.of(name)));
      }
    }
    return replies;
  }

  @ParameterizedTest
  @MethodSource("operations")
  void what_is_hidden_answers_as_if_it_were_not_there(Operation operation) {
    var before = GuardedFeatures.RUNS.get();
    var hidden = asked(operation, "secret", bobInSession, bob);
    var unknown = asked(operation, "nobody", bobInSession, bob);

    assertThat(hidden).isNotEmpty();
    for (var i = 0; i < hidden.size(); i++) {
      assertThat(hidden.get(i).body().replace("secret", "nobody"))
          .contains("error")
          .isEqualTo(unknown.get(i).body());
      assertThat(hidden.get(i).status()).isEqualTo(unknown.get(i).status()).isEqualTo(200);
      var head = hidden.get(i).headers();
      assertThat(head.keySet()).isEqualTo(unknown.get(i).headers().keySet());
      assertThat(head.get("content-length")).isEqualTo(unknown.get(i).header("content-length"));
    }
    assertThat(GuardedFeatures.RUNS.get()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void what_is_visible_and_not_allowed_says_which_scopes_it_takes(Operation operation)
      throws Exception {
    var before = GuardedFeatures.RUNS.get();

    for (var reply : asked(operation, "locked", bobInSession, bob)) {
      assertThat(reply.status()).as(reply.body()).isEqualTo(403);
      requireDenied(reply.error());
      assertThat(reply.header("WWW-Authenticate"))
          .contains("error=\"insufficient_scope\"", "scope=\"" + GuardedFeatures.SCOPES + "\"");
    }
    assertThat(GuardedFeatures.RUNS.get()).isEqualTo(before);
  }

  private static void requireDenied(JsonNode error) {
    assertThat(error.path("code").asInt()).isEqualTo(-32003);
    assertThat(error.at("/data/requiredScopes"))
        .isEqualTo(trunkline.testing.Json.of("[\"kitchen:bake\",\"kitchen:fry\"]"));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void who_may_does(Operation operation) throws Exception {
    for (var name : List.of("secret", "locked", "public")) {
      for (var reply : asked(operation, name, adaInSession, ada)) {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.result().toString()).contains(operation.begins());
      }
    }
    for (var reply : asked(operation, "public", bobInSession, bob)) {
      assertThat(reply.result().toString()).contains(operation.begins());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tools/list", "resources/list", "resources/templates/list", "prompts/list"})
  void a_list_shows_what_may_be_seen_and_is_not_to_be_shared(String method) throws Exception {
    for (var instance : List.of(a, b)) {
      var alone = bob.on(instance).request(method, "{}").result();

      assertThat(alone.path("cacheScope").asString()).isEqualTo("private");
      for (var list : List.of(alone, bobInSession.on(instance).request(method).result())) {
        assertThat(list.toString()).contains("locked", "public").doesNotContain("secret", "broken");
      }
      for (var list :
          List.of(
              ada.on(instance).request(method, "{}").result(),
              adaInSession.on(instance).request(method).result())) {
        assertThat(list.toString()).contains("locked", "public", "secret").doesNotContain("broken");
      }
      assertThat(adaInSession.on(instance).request(method).result().has("cacheScope")).isFalse();
    }
  }

  @Test
  void a_condition_that_fails_lets_nobody_in_and_is_told() throws Exception {
    var refused = ada.on(b).call("broken_tool", "{}").error();

    assertThat(refused.path("message").asString()).isEqualTo("Unknown tool: broken_tool");
    assertThat(b.events().all(ServerEvent.VisibilityUnknown.class))
        .anySatisfy(event -> {
          assertThat(event.of()).isEqualTo("tool broken_tool");
          assertThat(event.exception())
              .contains("IllegalStateException")
              .doesNotContain("directory");
        });
  }

  @Test
  void in_a_batch_the_others_are_answered() throws Exception {
    try (var older = new McpTestClient().withHeader("Authorization", "Bearer b-token")) {
      older.on(a).connect("2025-03-26");

      var reply =
          older
              .on(b)
              .post(
                  json(
                      """
                      [{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'locked_tool'}},
                       {'jsonrpc':'2.0','id':2,'method':'tools/call','params':{'name':'public_tool'}}]
                      """));

      assertThat(reply.status()).isEqualTo(200);
      requireDenied(reply.json().path(0).path("error"));
      assertThat(reply.json().path(1).has("result")).isTrue();
    }
  }

  @Test
  void a_listen_hears_of_what_may_be_seen_and_asks_for_all_scopes_at_once() throws Exception {
    var denied =
        bob.on(b)
            .listenAs(
                "1", "{'resourceSubscriptions':['kitchen://public','locked://soup','secret://x']}");
    var stream =
        bob.on(a)
            .listen("{'resourceSubscriptions':['kitchen://public','kitchen://secret','no://x']}");
    var chef = ada.on(a).listen("{'resourceSubscriptions':['kitchen://locked','secret://x']}");

    assertThat(denied.status()).isEqualTo(403);
    requireDenied(denied.error());
    assertThat(denied.header("WWW-Authenticate")).contains(GuardedFeatures.SCOPES);
    assertThat(stream.next().message().at("/params/notifications/resourceSubscriptions"))
        .isEqualTo(trunkline.testing.Json.of("[\"kitchen://public\"]"));
    assertThat(chef.next().message().at("/params/notifications/resourceSubscriptions"))
        .isEqualTo(trunkline.testing.Json.of("[\"kitchen://locked\",\"secret://x\"]"));
  }

  private static String method(RawSse stream) throws InterruptedException {
    return stream.next().message().path("method").asString();
  }

  private List<String> tools(StatelessTestClient client, TestCluster.Instance instance)
      throws InterruptedException {
    return client
        .on(instance)
        .request("tools/list", "{}")
        .result()
        .path("tools")
        .valueStream()
        .map(tool -> tool.path("name").asString())
        .toList();
  }

  /// Goal: a switch for one principal counts over the general one, on every instance, and only that
  /// principal's clients are told.
  @Test
  void a_switch_for_one_principal_is_that_ones_alone() throws Exception {
    var told = adaInSession.on(b).get().sse();
    var untold = bobInSession.on(b).get().sse();
    var listening = ada.on(b).listen("{'toolsListChanged':true}");
    var others = bob.on(a).listen("{'toolsListChanged':true}");
    assertThat(method(listening)).isEqualTo(method(others));

    var db = cluster.database();
    db.sql("select trunkline.set_enabled('tool', 'public_tool', false, principal => 'ada')");
    told.nextMessage("notifications/tools/list_changed");
    assertThat(method(listening)).isEqualTo("notifications/tools/list_changed");
    for (var instance : List.of(a, b)) {
      assertThat(tools(ada, instance)).doesNotContain("public_tool").contains("locked_tool");
      assertThat(tools(bob, instance)).contains("public_tool");
    }
    assertThat(ada.on(b).call("public_tool", "{}").error().path("message").asString())
        .isEqualTo("Unknown tool: public_tool");
    assertThat(bob.on(b).call("public_tool", "{}").status()).isEqualTo(200);

    // off for everybody, and on for Ada: all hear, since the general one has changed
    a.server().handle().setEnabled(FeatureKind.TOOL, "public_tool", true, "ada");
    assertThat(method(listening)).isEqualTo("notifications/tools/list_changed");
    a.server().handle().setEnabled(FeatureKind.TOOL, "public_tool", false);
    assertThat(method(others)).isEqualTo("notifications/tools/list_changed");
    untold.nextMessage("notifications/tools/list_changed");
    assertThat(tools(ada, b)).contains("public_tool");
    assertThat(tools(bob, b)).doesNotContain("public_tool");

    a.server().handle().setEnabled(FeatureKind.TOOL, "public_tool", true);
    assertThat(method(others)).isEqualTo("notifications/tools/list_changed");
    untold.nextMessage("notifications/tools/list_changed");
    a.server().handle().resetEnabled(FeatureKind.TOOL, "public_tool", "ada");
    assertThat(db.sql("select from trunkline.switch_directory where principal is not null").rows())
        .isEmpty();
    others.requireSilence(Duration.ofMillis(100));
    untold.requireSilence(Duration.ofMillis(100));
  }
}
