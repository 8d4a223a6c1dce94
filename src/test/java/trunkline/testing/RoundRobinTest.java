package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
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
  void sends_each_request_of_one_connection_to_the_next_instance() throws IOException {
    try (var balancer = RoundRobin.over(List.of(a.url(), b.url()))) {
      var answers = new ArrayList<String>();
      for (var i = 0; i < 4; i++) {
        var reply = client.on(balancer.url()).post("{\"n\":%d}".formatted(i));
        answers.add(reply.json().path("server").asString());
        assertThat(reply.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(reply.json().path("body").path("n").asInt()).isEqualTo(i);
      }

      assertThat(answers).containsExactly("a", "b", "a", "b");
      assertThat(balancer.routed()).hasSize(4);
    }
  }

  @Test
  void streams_events_as_they_come() throws Exception {
    try (var balancer =
        RoundRobin.by((method, _) -> List.of(method.equals("GET") ? b.url() : a.url()))) {
      var stream = client.on(balancer.url()).get().sse();

      b.toSend.add("data: 1\n\n");
      assertThat(stream.next().data()).isEqualTo("1");
      b.toSend.add("data: 2\n\n");
      assertThat(stream.next().data()).isEqualTo("2");
      b.toSend.add("end");
      stream.awaitEnd(Duration.ofSeconds(5));
      assertThat(stream.failure()).isNull();
    }
  }

  @Test
  void tells_the_instance_that_the_client_is_gone() throws Exception {
    try (var balancer = RoundRobin.over(List.of(a.url()))) {
      var stream = client.on(balancer.url()).get().sse();
      a.toSend.add("data: 1\n\n");
      var _ = stream.next();

      stream.close();

      String noticed = null;
      for (var i = 0; i < 100 && noticed == null; i++) {
        a.toSend.add("data: 2\n\n");
        noticed = a.noticed.poll(50, TimeUnit.MILLISECONDS);
      }
      assertThat(noticed).isEqualTo("gone");
    }
  }

  @Test
  void passes_over_an_instance_that_refuses_connections() throws IOException {
    var gone = new EchoServer("gone");
    gone.close();
    try (var balancer = RoundRobin.over(List.of(gone.url(), b.url()))) {
      for (var i = 0; i < 2; i++) {
        assertThat(client.on(balancer.url()).post("{}").json().path("server").asString())
            .isEqualTo("b");
      }
    }
  }
}
