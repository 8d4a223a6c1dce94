package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import trunkline.feature.FeatureKind;
import trunkline.testing.Json;
import trunkline.testing.RawSse;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// Requirement E4: a client of 2026-07-28 listens on one instance and hears what changes on any,
/// and by SQL.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class ListenAcrossInstancesTest {
  private static final String TOOLS = "{'toolsListChanged':true}";
  private static final String PROMPTS = "{'promptsListChanged':true}";
  private static final String WEATHER = "{'resourceSubscriptions':['scenario://weather']}";
  private static final String SUBSCRIPTION =
      "/params/_meta/io.modelcontextprotocol~1subscriptionId";

  private final Trio trio;
  private final StatelessTestClient client = new StatelessTestClient();

  ListenAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
  }

  @AfterEach
  void close() {
    client.close();
    trio.closeClients();
  }

  /// Acknowledged already.
  private RawSse listening(TestCluster.Instance instance, String notifications)
      throws InterruptedException {
    var stream = client.on(instance).listen(notifications);
    assertThat(method(stream)).isEqualTo("notifications/subscriptions/acknowledged");
    return stream;
  }

  private static String method(RawSse stream) throws InterruptedException {
    return stream.next().message().path("method").asString();
  }

  @Test
  void the_acknowledgement_comes_first_and_says_what_is_honoured() throws Exception {
    var stream =
        client
            .on(trio.a)
            .listen(
                """
                {'toolsListChanged':true,'promptsListChanged':false,'resourcesListChanged':null,
                 'resourceSubscriptions':['scenario://weather','scenario://nowhere'],
                 'somethingNewer':[1]}
                """);

    var first = stream.next();
    assertThat(first.id()).isNull();
    assertThat(first.message())
        .isEqualTo(
            Json.of(
                """
                {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged",
                 "params":{"notifications":{"toolsListChanged":true,
                             "resourceSubscriptions":["scenario://weather"]},
                           "_meta":{"io.modelcontextprotocol/subscriptionId":"listen"}}}
                """));
  }

  @Test
  void a_tool_that_is_switched_reaches_who_listens_on_every_instance() throws Exception {
    var streams =
        List.of(listening(trio.a, TOOLS), listening(trio.b, TOOLS), listening(trio.c, TOOLS));

    trio.a.server().handle().setEnabled(FeatureKind.TOOL, "echo", false);
    for (var stream : streams) {
      var event = stream.next();
      assertThat(event.id()).isNull();
      assertThat(event.message())
          .isEqualTo(
              Json.of(
                  """
                  {"jsonrpc":"2.0","method":"notifications/tools/list_changed",
                   "params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"listen"}}}
                  """));
    }
    for (var instance : trio.all()) {
      assertThat(client.on(instance).request("tools/list", "{}").result().toString())
          .as("tools of " + instance)
          .doesNotContain("\"echo\"");
    }

    trio.db.sql("select trunkline.set_enabled('tool', 'echo', true)");
    for (var stream : streams) {
      assertThat(method(stream)).isEqualTo("notifications/tools/list_changed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RESOURCE, scenario://weather, resourcesListChanged, notifications/resources/list_changed",
    "PROMPT, greet, promptsListChanged, notifications/prompts/list_changed"
  })
  void a_change_of_any_list_is_told(FeatureKind kind, String name, String wanted, String told)
      throws Exception {
    var stream = listening(trio.b, "{'%s':true}".formatted(wanted));

    for (var on : List.of(false, true)) {
      trio.c.server().handle().setEnabled(kind, name, on);
      assertThat(method(stream)).isEqualTo(told);
    }
  }

  @Test
  void nothing_is_told_that_was_not_asked_for() throws Exception {
    var prompts = listening(trio.a, PROMPTS);
    var weather = listening(trio.b, WEATHER);
    var nothing = listening(trio.c, "{}");
    var everything =
        listening(
            trio.a,
            "{'toolsListChanged':true,'promptsListChanged':true,'resourcesListChanged':true}");

    for (var on : List.of(false, true)) {
      trio.b.server().handle().setEnabled(FeatureKind.TOOL, "echo", on);
    }
    trio.b.server().handle().broadcast(Trio.notification("for sessions"));
    trio.b.server().handle().setEnabled(FeatureKind.PROMPT, "greet", false);
    trio.b.server().handle().resourceUpdated("scenario://elsewhere");
    trio.b.server().handle().resourceUpdated("scenario://weather");
    trio.b.server().handle().setEnabled(FeatureKind.PROMPT, "greet", true);

    assertThat(method(prompts)).isEqualTo("notifications/prompts/list_changed");
    var updated = weather.next().message();
    assertThat(updated.path("method").asString()).isEqualTo("notifications/resources/updated");
    assertThat(updated.at("/params/uri").asString()).isEqualTo("scenario://weather");
    assertThat(method(everything)).isEqualTo("notifications/tools/list_changed");
    everything.nextMessage("notifications/prompts/list_changed");
    nothing.requireSilence(Duration.ofMillis(100));
  }

  @Test
  void an_update_that_sql_tells_of_reaches_who_asked_for_the_resource() throws Exception {
    var here = listening(trio.a, WEATHER);
    var there = listening(trio.c, WEATHER);

    trio.db.sql("select trunkline.resource_updated('scenario://nowhere')");
    trio.db.sql("select trunkline.resource_updated('scenario://weather')");

    for (var stream : List.of(here, there)) {
      var updated = stream.next().message();
      assertThat(updated.at("/params/uri").asString()).isEqualTo("scenario://weather");
      assertThat(updated.at(SUBSCRIPTION).asString()).isEqualTo("listen");
    }
  }

  /// A switch may come while somebody listens.
  @Test
  void a_resource_that_is_off_may_be_listened_to() throws Exception {
    trio.a.server().handle().setEnabled(FeatureKind.RESOURCE, "scenario://weather", false);
    try {
      var stream = client.on(trio.a).listen(WEATHER);
      assertThat(stream.next().message().at("/params/notifications/resourceSubscriptions"))
          .hasSize(1);
    } finally {
      trio.a.server().handle().setEnabled(FeatureKind.RESOURCE, "scenario://weather", true);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "\"7\"", "1785312345678", "-1", "1e3", "12345678901234567890"})
  void every_message_has_the_id_of_the_request_with_its_type(String id) throws Exception {
    var stream = client.on(trio.a).listenAs(id, PROMPTS).sse();
    assertThat(subscription(String.valueOf(stream.next().data()))).isEqualTo(id);

    for (var on : List.of(false, true)) {
      trio.b.server().handle().setEnabled(FeatureKind.PROMPT, "greet", on);
      assertThat(subscription(String.valueOf(stream.next().data()))).isEqualTo(id);
    }
  }

  /// As it is written: a parser would make `1e3` another number.
  private static String subscription(String json) {
    var name = "\"io.modelcontextprotocol/subscriptionId\":";
    var from = json.indexOf(name) + name.length();
    return json.substring(from, json.indexOf('}', from));
  }

  @Test
  void a_client_may_listen_twice_and_each_stream_is_its_own() throws Exception {
    var first = client.on(trio.a).listenAs("1", TOOLS).sse();
    var second = client.on(trio.a).listenAs("2", PROMPTS).sse();
    first.next();
    second.next();

    for (var on : List.of(false, true)) {
      trio.c.server().handle().setEnabled(FeatureKind.TOOL, "echo", on);
      trio.c.server().handle().setEnabled(FeatureKind.PROMPT, "greet", on);
    }

    requireTold(first.next().message(), "tools", 1);
    requireTold(second.next().message(), "prompts", 2);
    first.close();
    trio.c.server().handle().setEnabled(FeatureKind.PROMPT, "greet", false);
    trio.c.server().handle().setEnabled(FeatureKind.PROMPT, "greet", true);
    requireTold(second.next().message(), "prompts", 2);
  }

  private static void requireTold(JsonNode message, String list, int id) {
    assertThat(message.path("method").asString())
        .isEqualTo("notifications/" + list + "/list_changed");
    assertThat(message.at(SUBSCRIPTION).asInt()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'notifications':null}",
        "{'notifications':[]}",
        "{'notifications':{'toolsListChanged':1}}",
        "{'notifications':{'resourceSubscriptions':'scenario://weather'}}",
        "{'notifications':{'resourceSubscriptions':[7]}}"
      })
  void what_is_malformed_is_an_error_in_json(String params) throws Exception {
    var refused = client.on(trio.a).request("subscriptions/listen", params);

    assertThat(refused.status()).isEqualTo(200);
    assertThat(refused.error().path("code").asInt()).isEqualTo(-32602);
    assertThat(refused.error().path("message").asString()).contains("params.notifications");
  }

  @Test
  void more_resources_than_a_filter_may_have_are_refused() throws Exception {
    var many = "'x',".repeat(1_000) + "'x'";
    var long_ = "'" + "x".repeat(64 * 1024 + 1) + "'";
    for (var uris : List.of(many, long_)) {
      var refused =
          client.on(trio.a).listenAs("1", "{'resourceSubscriptions':[%s]}".formatted(uris));
      assertThat(refused.error().path("code").asInt()).isEqualTo(-32602);
      assertThat(refused.error().path("message").asString()).contains("1000", "65536");
    }
  }

  @Test
  void tasks_are_heard_of_by_clients_that_know_them() throws Exception {
    var refused = client.on(trio.a).listenAs("1", "{'taskIds':['t']}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().path("code").asInt()).isEqualTo(-32021);
    assertThat(
            refused
                .error()
                .at("/data/requiredCapabilities/extensions/io.modelcontextprotocol~1tasks")
                .isObject())
        .isTrue();
  }

  @Test
  void headers_say_what_the_body_says() throws Exception {
    for (var wrong : List.of("", "SUBSCRIPTIONS/LISTEN", "tools/list")) {
      var refused = client.on(trio.a).listenAs("1", TOOLS, "Mcp-Method", wrong);
      assertThat(refused.status()).as(wrong).isEqualTo(400);
      assertThat(refused.error().path("code").asInt()).isEqualTo(-32020);
    }
  }

  @Test
  void who_takes_no_events_cannot_listen() {
    assertThat(client.on(trio.a).listenAs("1", TOOLS, "Accept", "application/json").status())
        .isEqualTo(406);
  }
}
