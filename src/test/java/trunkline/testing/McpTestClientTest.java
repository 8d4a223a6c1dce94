package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class McpTestClientTest {
  private final EchoServer a = new EchoServer("a");
  private final EchoServer b = new EchoServer("b");
  private final McpTestClient client = new McpTestClient();

  @AfterEach
  void close() {
    client.close();
    a.close();
    b.close();
  }

  @Test
  void carries_its_session_from_one_instance_to_another() {
    client.on(a.url()).initialize("2025-11-25", "{}");

    var reply = client.on(b.url()).call("echo", "{}");

    assertThat(client.sessionId()).isEqualTo("session-of-a");
    assertThat(reply.json().path("server").asString()).isEqualTo("b");
    assertThat(reply.json().path("session").asString()).isEqualTo("session-of-a");
    assertThat(reply.json().path("body").path("method").asString()).isEqualTo("tools/call");
  }

  @Test
  void leaves_a_header_out_on_demand() {
    client.on(a.url()).initialize("2025-11-25", "{}");

    var reply = client.on(a.url()).post("{}", "Mcp-Session-Id", "");

    assertThat(reply.json().path("session").asString()).isEqualTo("null");
  }

  @Test
  void answers_the_server_by_itself_on_the_instance_that_the_test_chose() throws Exception {
    var answered = new CountDownLatch(1);
    client.answering(
        "elicitation/create",
        b.url(),
        params -> {
          assertThat(params.path("message").asString()).isEqualTo("sure?");
          answered.countDown();
          return Json.of("{\"action\":\"accept\"}");
        });
    var stream = client.on(a.url()).get().sse();

    a.toSend.add(
        "data: {\"id\":7,\"method\":\"elicitation/create\",\"params\":{\"message\":\"sure?\"}}\n\n");

    assertThat(answered.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(stream.nextMessage().path("id").asInt()).isEqualTo(7);
  }
}
