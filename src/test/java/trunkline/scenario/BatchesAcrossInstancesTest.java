package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// Goal: several messages in one body, as 2025-03-26 has it and no revision since, mean what they
/// mean alone, on whichever instance they arrive.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class BatchesAcrossInstancesTest {
  private static final String NOTICE = json("{'jsonrpc':'2.0','method':'notifications/x'}");
  private static final String ANSWER = json("{'jsonrpc':'2.0','id':'nobody','result':{}}");

  private final Trio trio;

  BatchesAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  private McpTestClient connected() throws InterruptedException {
    return trio.connected(trio.a, "2025-03-26", json("{'sampling':{},'roots':{}}"));
  }

  private static String batch(String... messages) {
    return "[" + String.join(",", messages) + "]";
  }

  private static String call(String id, String tool, String arguments) {
    return """
    {"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"%s","arguments":%s}}
    """
        .formatted(id, tool, arguments);
  }

  private static String ping(String id) {
    return json("{'jsonrpc':'2.0','id':%s,'method':'ping'}", id);
  }

  private static String empty(String id) {
    return json("{'jsonrpc':'2.0','id':%s,'result':{}}", id);
  }

  @Test
  void without_requests_it_is_accepted_and_has_no_answer() throws InterruptedException {
    var client = connected();
    for (var instance : trio.all()) {
      var reply = client.on(instance).post(batch(NOTICE, ANSWER, NOTICE));

      assertThat(reply.status()).isEqualTo(202);
      assertThat(reply.body()).isEmpty();
    }
  }

  @Test
  void what_is_quick_is_one_document_with_one_response_for_each_request()
      throws InterruptedException {
    var client = connected();
    var reply = client.on(trio.b).post(batch(ping("1"), NOTICE, ping("\"1\""), ANSWER));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().valueStream())
        .containsExactlyInAnyOrder(Json.of(empty("1")), Json.of(empty("\"1\"")));
  }

  @Test
  void what_speaks_is_one_stream_that_ends_after_the_last_response() throws InterruptedException {
    var client = connected();
    var stream =
        client
            .on(trio.b)
            .post(
                batch(
                    call("1", "count", json("{'to':2}")),
                    ping("\"1\""),
                    call("2", "hold", Trio.named("batch"))))
            .sse();
    var responses = new ArrayList<JsonNode>();
    responses.add(stream.nextResponse());
    responses.add(stream.nextResponse());
    assertThat(responses)
        .extracting(response -> response.get("id").toString())
        .containsExactlyInAnyOrder("1", "\"1\"");

    trio.tools.gate("batch").open();

    assertThat(stream.nextResponse().get("id").asInt()).isEqualTo(2);
    stream.awaitEnd(Duration.ofSeconds(10));
  }

  @Test
  void an_answer_in_it_resumes_a_call_on_another_instance() throws InterruptedException {
    var client = connected();
    var call = client.on(trio.a).call("ask_roots").sse();
    var question = call.nextMessage("roots/list");
    var answer =
        json(
            "{'jsonrpc':'2.0','id':%s,'result':{'roots':[{'uri':'file:///batch'}]}}",
            question.get("id"));

    var reply = client.on(trio.c).post(batch(answer, ping("9")));

    assertThat(reply.json()).isEqualTo(Json.of(batch(empty("9"))));
    assertThat(call.nextResponse().toString()).contains("file:///batch");
  }

  @Test
  void a_cancel_in_it_reaches_a_call_on_another_instance() throws InterruptedException {
    var client = connected();
    var on = client.on(trio.a);
    var call = on.call("hold", Trio.named("batch cancelled")).sse();
    trio.tools.gate("batch cancelled").awaitBegun();

    var cancel =
        json(
            "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':%d}}",
            on.latestRequestId());
    assertThat(client.on(trio.c).post(batch(NOTICE, cancel)).status()).isEqualTo(202);

    trio.tools.gate("batch cancelled").awaitInterrupted();
    call.awaitEnd(Duration.ofSeconds(10));
  }

  @Test
  void the_header_must_name_a_revision_but_not_this_one() throws InterruptedException {
    var client = connected();
    for (var version : List.of("1999-01-01", "2026-07-28")) {
      var refused = client.on(trio.b).post(batch(ping("1")), "MCP-Protocol-Version", version);

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().at("/error/code").asInt()).isEqualTo(-32022);
      assertThat(refused.json().at("/error/data/requested").asString()).isEqualTo(version);
    }
    for (var version : List.of("", "2024-11-05", "2025-11-25")) {
      var served = client.on(trio.c).post(batch(ping("1")), "MCP-Protocol-Version", version);

      assertThat(served.json()).isEqualTo(Json.of(batch(empty("1"))));
    }
  }

  @Test
  void two_requests_in_it_cannot_have_one_id() throws InterruptedException {
    var refused = connected().on(trio.b).post(batch(ping("1"), ping("1")));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/error/code").asInt()).isEqualTo(-32600);
  }
}
