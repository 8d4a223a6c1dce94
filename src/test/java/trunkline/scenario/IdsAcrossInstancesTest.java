package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
  /// As JSON, and as they must come back.
  private static final List<String> ODD =
      List.of(
          "1e3",
          "1E+3",
          "-0",
          "0",
          "9223372036854775808",
          "-9223372036854775809",
          "9".repeat(255),
          "\"\"",
          "\"1e3\"",
          "\"" + "x".repeat(255) + "\"",
          "\"a\\u001F\\b\\\\u001f\\\"/é😀\"");

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

  /// Each beside all the others, some of which have the same value.
  @Test
  void odd_ids_are_cancelled_by_notices_from_anywhere() throws InterruptedException {
    var client = trio.connected(trio.a);
    requireCancels(
        client,
        "notice",
        id -> client.on(trio.b).notify("notifications/cancelled", "{\"requestId\":" + id + "}"));
  }

  @Test
  void odd_ids_are_cancelled_in_sql() throws InterruptedException {
    var client = trio.connected(trio.a);
    requireCancels(
        client,
        "sql",
        id -> trio.db.sql("select trunkline.cancel_call(?, ?::json)", client.sessionId(), id));
  }

  private void requireCancels(McpTestClient client, String how, Consumer<String> cancel)
      throws InterruptedException {
    var witness = hold(client.on(trio.a), "1000", how);
    Map<String, RawSse> calls = new LinkedHashMap<>();
    for (var id : ODD) {
      var gate = how + " " + id.hashCode();
      calls.put(id, hold(client.on(calls.size() % 2 == 0 ? trio.a : trio.c), id, gate));
      trio.tools.gate(gate).awaitBegun();
    }
    for (var call : calls.entrySet()) {
      cancel.accept(call.getKey());
      trio.tools.gate(how + " " + call.getKey().hashCode()).awaitInterrupted();
      call.getValue().awaitEnd(Duration.ofSeconds(10));
    }
    trio.tools.gate(how).open();
    assertThat(answer(witness)).contains("\"id\":1000,");
  }

  @Test
  void odd_ids_are_answered_as_they_were_sent() throws InterruptedException {
    var client = trio.connected(trio.a);
    for (var id : ODD) {
      var gate = "answered " + id.hashCode();
      var expected = "\"id\":" + id + ",";
      var call = hold(client.on(trio.a), id, gate);
      call.nextLog();
      call.close();
      var resumed = client.on(trio.c).resume(call.requireLastEventId()).sse();
      trio.tools.gate(gate).open();
      assertThat(answer(resumed)).contains(expected);

      var params = json("{'name':'wait_silently','arguments':{'name':'%s'},'task':{}}", gate);
      var begun = client.on(trio.b).requestAs(id, "tools/call", params);
      assertThat(begun.body()).contains(expected);
      var task = json("{'taskId':'%s'}", begun.result().at("/task/taskId").asString());
      var fetched = client.on(trio.c).requestAs(id, "tasks/result", task);
      assertThat(fetched.isStream() ? answer(fetched.sse()) : fetched.body()).contains(expected);
    }
  }

  /// As it is spelled.
  private static String answer(RawSse stream) throws InterruptedException {
    var event = stream.nextMessageEvent(Trio.PATIENCE);
    while (event.message().has("method")) {
      event = stream.nextMessageEvent(Trio.PATIENCE);
    }
    return String.valueOf(event.data());
  }
}
