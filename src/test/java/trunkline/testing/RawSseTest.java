package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RawSseTest {
  private final EchoServer server = new EchoServer("a");
  private final McpTestClient client = new McpTestClient();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void reads_priming_messages_comments_and_the_end() throws InterruptedException {
    var stream = client.on(server.url()).get().sse();
    server.toSend.add("id: 1.0.0\nretry: 2000\ndata: \n\n");
    server.toSend.add(": keep-alive\n\nevent: message\nid: 1.1.0\ndata: {\"method\":\"x\"}\n\n");
    server.toSend.add("end");

    assertThat(stream.next()).isEqualTo(new SseEvent("1.0.0", null, "", 2000L));
    assertThat(stream.nextMessage("x").path("method").asString()).isEqualTo("x");
    assertThat(stream.nextComment(Duration.ofSeconds(1))).isEqualTo("keep-alive");
    stream.awaitEnd(Duration.ofSeconds(5));
    assertThat(stream.requireLastEventId()).isEqualTo("1.1.0");
    assertThat(stream.ids()).containsExactly("1.0.0", "1.1.0");
    assertThat(stream.retry()).isEqualTo(2000L);
    assertThat(stream.failure()).isNull();
    assertThatThrownBy(stream::next).hasMessageContaining("ended").hasMessageContaining("1.1.0");
  }

  @Test
  void a_client_that_closes_is_noticed_by_the_server() throws InterruptedException {
    var stream = client.on(server.url()).get().sse();
    server.toSend.add("data: 1\n\n");
    var _ = stream.next();

    stream.close();

    stream.awaitEnd(Duration.ofSeconds(5));
    String noticed = null;
    for (var i = 0; i < 100 && noticed == null; i++) {
      server.toSend.add("data: 2\n\n");
      noticed = server.noticed.poll(50, TimeUnit.MILLISECONDS);
    }
    assertThat(noticed).isEqualTo("gone");
  }

  @Test
  void hands_events_to_a_sink() throws InterruptedException {
    var seen = new ArrayList<String>();
    var two = new CountDownLatch(2);
    try (var _ =
        client
            .on(server.url())
            .follow(
                null,
                event -> {
                  seen.add(event.data());
                  two.countDown();
                })) {
      server.toSend.add("data: 1\n\ndata: 2\n\n");

      assertThat(two.await(5, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(seen).containsExactly("1", "2");
  }

  @Test
  void stops_reading_and_goes_on() throws InterruptedException {
    var stream = client.on(server.url()).get().sse();
    server.toSend.add("data: 1\n\n");
    var _ = stream.next();

    stream.stopReading();
    server.toSend.add("data: 2\n\n");
    server.toSend.add("data: 3\n\n");
    // The thread is inside one read when it is asked to stop; that line may still come through.
    stream.goOnReading();

    assertThat(stream.next().data()).isEqualTo("2");
    assertThat(stream.next().data()).isEqualTo("3");
  }
}
