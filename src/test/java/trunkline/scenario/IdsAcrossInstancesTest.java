package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;

/// Goal: ids and tokens that a client chooses come back as they were, and `1` is not `"1"`.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class IdsAcrossInstancesTest {
  private final Trio trio;

  IdsAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  private static RawSse hold(McpTestClient.On on, String id, String gate) {
    return on.requestAs(id, "tools/call", json("{'name':'hold','arguments':{'name':'%s'}}", gate))
        .sse();
  }

  @Test
  void a_number_and_its_text_are_two_requests() throws InterruptedException {
    for (var other : List.of(trio.a, trio.b)) {
      var client = trio.connected(trio.a);
      var name = "number " + other.id();
      var number = hold(client.on(trio.a), "1", name);
      var text = hold(client.on(other), "\"1\"", "text " + other.id());
      trio.tools.gate("text " + other.id()).awaitBegun();

      client.on(trio.c).notify("notifications/cancelled", json("{'requestId':'1'}"));
      trio.tools.gate("text " + other.id()).awaitInterrupted();
      text.awaitEnd(Duration.ofSeconds(10));

      trio.tools.gate(name).open();
      assertThat(number.nextResponse().get("id")).isEqualTo(Json.of("1"));
    }
  }

  @Test
  void an_id_that_is_running_is_refused_everywhere() throws InterruptedException {
    var client = trio.connected(trio.a);
    var running = hold(client.on(trio.a), "5", "running");
    trio.tools.gate("running").awaitBegun();

    for (var instance : trio.all()) {
      var twin =
          client
              .on(instance)
              .requestAs("5", "tools/call", json("{'name':'count','arguments':{'to':1}}"));
      assertThat(twin.status()).isEqualTo(200);
      assertThat(twin.error().get("code").asInt()).isEqualTo(-32600);
    }

    trio.tools.gate("running").open();
    assertThat(running.nextResponse().has("result")).isTrue();
  }

  @Test
  void ids_and_progress_tokens_come_back_with_their_type() throws InterruptedException {
    var client = trio.connected(trio.a);
    for (var token : List.of("7", "\"7\"", "9007199254740993", "\"\"")) {
      var call =
          client
              .on(trio.b)
              .requestAs(
                  token,
                  "tools/call",
                  json("{'name':'count','arguments':{'to':1},'_meta':{'progressToken':%s}}", token))
              .sse();

      assertThat(call.nextMessage("notifications/progress").at("/params/progressToken"))
          .isEqualTo(Json.of(token));
      assertThat(call.nextResponse().get("id")).isEqualTo(Json.of(token));
    }
  }

  @Test
  void without_a_token_there_is_no_progress() throws InterruptedException {
    var client = trio.connected(trio.a);
    for (var meta : List.of("{}", json("{'progressToken':null}"))) {
      var call =
          client
              .on(trio.b)
              .request("tools/call", json("{'name':'count','arguments':{'to':1},'_meta':%s}", meta))
              .sse();

      assertThat(call.nextMessage().get("method").asString()).isEqualTo("notifications/message");
      assertThat(call.nextMessage().has("result")).isTrue();
    }
  }

  /// Nothing is ignored in silence: its client would wait for progress that never comes.
  @Test
  void a_token_that_is_none_is_said() throws InterruptedException {
    var client = trio.connected(trio.a);
    for (var token : List.of("{}", "[]", "true", "1.5", "1.0")) {
      var refused =
          client
              .on(trio.b)
              .request(
                  "tools/call",
                  json(
                      "{'name':'count','arguments':{'to':1},'_meta':{'progressToken':%s}}", token));

      assertThat(refused.error().get("code").asInt()).as(token).isEqualTo(-32602);
      assertThat(refused.error().get("message").asString()).contains("progressToken");
    }
  }
}
