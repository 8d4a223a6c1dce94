package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.telemetry.ServerEvent.LimitReached;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// What one client, or all together, may take: each limit is an error that names it, for whoever
/// asked for too much, and for nobody else.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class LimitsAcrossInstancesTest {
  private static final int STREAMS = 3;
  private static final int TASKS = 2;
  private static final int CALLS = 4;
  private static final int CALLS_ALTOGETHER = 6;
  private static final int QUESTIONS = 2;
  private static final int BYTES = 64 * 1024;

  private final Trio trio;
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Gate> gates = new ArrayList<>();

  LimitsAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio =
        Trio.of(
            wakeUp,
            cluster,
            Map.of(
                "session-streams-max", Integer.toString(STREAMS),
                "session-calls-max", Integer.toString(CALLS),
                "calls-max", Integer.toString(CALLS_ALTOGETHER),
                "session-questions-max", Integer.toString(QUESTIONS),
                "session-connections-max", "2",
                "message-bytes-max", "64k",
                "session-tasks-max", Integer.toString(TASKS),
                "task-ttl-max", "1h"));
  }

  @AfterEach
  void letEverythingEnd() {
    gates.forEach(Gate::open);
    clients.close();
    trio.closeClients();
  }

  @Test
  void streams_of_a_session_are_counted_over_all_instances() throws InterruptedException {
    var client = trio.connected(trio.a);
    var held = new ArrayList<Reply>();
    for (var instance : trio.all()) {
      held.add(hold(client, instance, "stream " + instance));
    }

    for (var instance : trio.all()) {
      var refused = hold(client, instance, "too many");
      assertThat(refused.status()).isEqualTo(200);
      requireLimit(refused.error(), "session-streams-max", STREAMS);
    }

    var other = trio.connected(trio.b);
    assertThat(hold(other, trio.a, "another session").isStream()).isTrue();
    gate("stream " + trio.c).open();
    assertThat(held.get(2).text()).startsWith("held ");
    assertThat(hold(client, trio.a, "there is room again").isStream()).isTrue();
  }

  /// Its handler has nothing to say: the client waits for JSON a little longer.
  @Test
  void a_silent_call_without_room_for_a_stream_is_answered_in_json() throws Exception {
    var client = trio.connected(trio.a);
    for (var instance : trio.all()) {
      hold(client, instance, "before the silent " + instance);
    }

    trio.a.events().clear();
    var silent = begun(client, trio.a, "silent");
    trio.a.events().await(LimitReached.class, e -> e.limit().equals("session-streams-max"));
    gate("silent").open();

    assertThat(silent.get().isStream()).isFalse();
    assertThat(silent.get().text()).isEqualTo("waited silent");
  }

  @Test
  void unfinished_tasks_of_a_session_are_counted_over_all_instances() throws InterruptedException {
    var client = trio.connected(trio.a);
    for (var i = 0; i < TASKS; i++) {
      assertThat(task(client, trio.all().get(i), "task").result().has("task")).isTrue();
    }

    requireLimit(task(client, trio.c, "too many").error(), "session-tasks-max", TASKS);

    var other = trio.connected(trio.b);
    var begun = task(other, trio.c, "another session").result().path("task");
    assertThat(begun.path("ttl").asLong()).isEqualTo(3_600_000); // and not the year that was asked
    gate("task").open();
    trio.db.await(
        "not exists (select from trunkline.tasks t join trunkline.sessions s using (session_id)"
            + " where s.session_id = '%s' and t.status = 'working')".formatted(client.sessionId()),
        Duration.ofSeconds(20));
    assertThat(task(client, trio.a, "there is room again").result().has("task")).isTrue();
  }

  private Reply task(McpTestClient client, Instance instance, String name) {
    var _ = gate(name);
    return client
        .on(instance)
        .request(
            "tools/call",
            """
            {"name":"wait_silently","arguments":{"name":"%s"},"task":{"ttl":31536000000}}
            """
                .formatted(name));
  }

  @Test
  void calls_of_a_session_are_counted_on_each_instance() throws Exception {
    var client = trio.connected(trio.a);
    var running = new ArrayList<Future<Reply>>();
    for (var i = 0; i < CALLS; i++) {
      running.add(begun(client, trio.b, "one of four " + i));
    }

    requireLimit(client.on(trio.b).request("ping").error(), "session-calls-max", CALLS);

    assertThat(client.on(trio.c).request("ping").result()).isNotNull();
    var other = trio.connected(trio.b);
    assertThat(other.on(trio.b).request("ping").result()).isNotNull();
    gate("one of four 0").open();
    assertThat(running.getFirst().get().text()).isEqualTo("waited one of four 0");
    assertThat(client.on(trio.b).request("ping").result()).isNotNull();
  }

  @Test
  void calls_of_an_instance_are_counted_whosever_they_are() throws Exception {
    for (var i = 0; i < CALLS_ALTOGETHER; i++) {
      var _ = begun(trio.connected(trio.a), trio.c, "everybody's " + i);
    }

    var client = trio.connected(trio.a);
    var refused = client.on(trio.c).request("ping");
    assertThat(refused.status()).isEqualTo(200);
    requireLimit(refused.error(), "calls-max", CALLS_ALTOGETHER);
    assertThat(client.on(trio.b).request("ping").result()).isNotNull();
  }

  @Test
  void tasks_of_an_instance_are_counted_whosever_they_are() throws InterruptedException {
    trio.db.await(
        "not exists (select from trunkline.tasks where status = 'working')",
        Duration.ofSeconds(20)); // of the tests before
    for (var i = 0; i < CALLS_ALTOGETHER; i++) {
      var begun = task(trio.connected(trio.a), trio.b, "everybody's task").result();
      assertThat(begun.has("task")).isTrue();
    }

    var client = trio.connected(trio.a);
    requireLimit(task(client, trio.b, "too many").error(), "calls-max", CALLS_ALTOGETHER);
    assertThat(task(client, trio.c, "elsewhere").result().has("task")).isTrue();
  }

  @Test
  void a_client_that_owes_too_many_answers_is_not_asked() throws InterruptedException {
    var client = trio.connected(trio.a);
    var asking = new ArrayList<Reply>();
    for (var i = 0; i < QUESTIONS; i++) {
      asking.add(client.on(trio.b).call("ask_name"));
    }
    var questions = new ArrayList<JsonNode>();
    for (var call : asking) {
      questions.add(call.sse().nextMessage("elicitation/create"));
    }

    var refused = client.on(trio.b).call("ask_model").result();
    assertThat(refused.path("isError").asBoolean()).isTrue();
    assertThat(refused.toString()).contains("session-questions-max", " " + QUESTIONS + " ");
    assertThat(client.on(trio.b).call("ask_name").text()).isEqualTo("no answer: TOO_MANY");

    client.on(trio.c).respond(questions.getFirst(), json("{'action':'cancel'}"));
    assertThat(asking.getFirst().text()).isEqualTo("cancelled");
    var again = client.on(trio.b).call("ask_name");
    assertThat(again.sse().nextMessage("elicitation/create")).isNotNull();
  }

  @Test
  void a_result_that_is_too_large_is_an_error_of_the_call() throws InterruptedException {
    var client = trio.connected(trio.a);

    var error = big(client, "result", BYTES).error();

    assertThat(error.path("message").asString())
        .containsPattern("6\\d{4} bytes")
        .contains(" " + BYTES + " ", "message-bytes-max");
    assertThat(big(client, "result", BYTES - 1_000).result()).isNotNull();
  }

  /// What the handler lets through is the call's own failure; the stream's lane has seen nothing.
  @ParameterizedTest
  @ValueSource(strings = {"message", "question"})
  void what_a_handler_says_is_refused_before_it_is_sent(String what) throws InterruptedException {
    var client = trio.connected(trio.a);

    var result = big(client, what, BYTES).result();

    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.toString()).contains(" " + BYTES + " ", "message-bytes-max");
    assertThat(client.on(trio.b).call("count", json("{'to':3}")).text()).isEqualTo("counted 3");
  }

  @Test
  void a_program_that_sends_too_much_is_told() throws InterruptedException {
    var client = trio.connected(trio.a);
    var stream = client.on(trio.b).get().sse();
    var handle = trio.c.server().handle();
    var big = Trio.notification("x".repeat(BYTES));

    assertThatThrownBy(() -> handle.send(client.sessionId(), big))
        .isInstanceOf(MessageTooLarge.class)
        .hasMessageContaining("the limit is " + BYTES + " (--message-bytes-max)");
    assertThatThrownBy(() -> handle.broadcast(big))
        .isInstanceOf(MessageTooLarge.class)
        .hasMessageContaining("the limit is " + BYTES + " (--message-bytes-max)");

    handle.send(client.sessionId(), Trio.notification("small"));
    assertThat(stream.nextMessage(Trio.PATIENCE).toString()).contains("small");
  }

  /// The newest has the messages, one is parked, and the oldest has to go.
  @Test
  void connections_of_a_session_beyond_the_limit_cost_the_oldest_one() throws InterruptedException {
    var client = trio.connected(trio.a);
    var oldest = client.on(trio.b).get().sse();
    var middle = client.on(trio.b).get().sse();
    var newest = client.on(trio.b).get().sse();

    oldest.awaitEnd(Trio.PATIENCE);
    trio.c.server().handle().send(client.sessionId(), Trio.notification("to the newest"));

    assertThat(newest.nextMessage(Trio.PATIENCE).toString()).contains("to the newest");
    assertThat(middle.isEnded()).isFalse();
  }

  private Gate gate(String name) {
    var gate = trio.tools.gate(name);
    gates.add(gate);
    return gate;
  }

  /// A call that becomes a stream at once.
  private Reply hold(McpTestClient client, Instance instance, String name) {
    gate(name);
    return client.on(instance).call("hold", arguments(name));
  }

  /// A call that says nothing, seen to run.
  private Future<Reply> begun(McpTestClient client, Instance instance, String name)
      throws InterruptedException {
    var gate = gate(name);
    var call = clients.submit(() -> client.on(instance).call("wait_silently", arguments(name)));
    gate.awaitBegun();
    return call;
  }

  private String arguments(String name) {
    return Trio.named(name);
  }

  private Reply big(McpTestClient client, String what, int bytes) {
    return client.on(trio.b).call("be_big", json("{'what':'%s','bytes':%d}", what, bytes));
  }

  private static void requireLimit(JsonNode error, String limit, int max) {
    assertThat(error.path("message").asString())
        .contains("the limit is " + max + " (--" + limit + "): ");
    assertThat(error.path("data").path("limit").asString()).isEqualTo(limit);
    assertThat(error.path("data").path("max").asInt()).isEqualTo(max);
  }
}
