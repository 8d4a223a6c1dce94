package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

@Tag("cluster")
class LostClientsTest {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(2);
  private static final String BULK = "x".repeat(100_000);

  @Test
  void a_client_that_vanished_is_noticed_within_one_keep_alive_interval(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a", "keep-alive", KEEP_ALIVE.toMillis() + "ms");
    try (var client = new McpTestClient()) {
      client.on(a.url()).connect("2025-11-25", "{}");
      var stream = client.on(a.url()).get().sse();
      stream.next();

      stream.close();
      var left = System.nanoTime();

      var closed = a.events().await(ServerEvent.StreamClosed.class);
      assertThat(closed.reason()).isEqualTo("client left");
      assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(KEEP_ALIVE);
    }
  }

  /// Goal: a client that stops reading is closed, delays nobody, and on its return, elsewhere, gets
  /// the rest once and in order.
  @Test
  void a_client_that_stopped_reading_is_closed_and_gets_the_rest_elsewhere(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var stuck = new McpTestClient();
        var other = new McpTestClient()) {
      stuck.on(a.url()).connect("2025-11-25", "{}");
      other.on(a.url()).connect("2025-11-25", "{}");
      var slow = stuck.on(b.url()).getNarrow(null, 4096).sse();
      var quick = other.on(b.url()).get().sse();
      slow.next();
      slow.stopReading();

      var sent = 0;
      var slowest = Duration.ZERO;
      while (b.events().count(ServerEvent.StreamClosed.class) == 0) {
        if (sent < 300) {
          send(a, stuck.sessionId(), sent + BULK);
          sent++;
        }
        var began = System.nanoTime();
        send(a, other.sessionId(), "quick");
        quick.nextMessage();
        var took = Duration.ofNanos(System.nanoTime() - began);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
      }

      assertThat(b.events().await(ServerEvent.StreamClosed.class).reason()).isEqualTo("slow");
      assertThat(slowest).isLessThan(Duration.ofSeconds(5));
      var got = new ArrayList<Integer>();
      var last = readAll(slow, got);
      var rest = stuck.on(a.url()).resume(last).sse();
      while (got.size() < sent) {
        got.add(number(rest.nextMessage().path("params").path("data").asString()));
      }
      assertThat(got).hasSize(sent).isSorted().doesNotHaveDuplicates();
    }
  }

  /// What was on its way when the connection was closed.
  private static String readAll(RawSse stream, List<Integer> got) throws InterruptedException {
    stream.goOnReading();
    stream.awaitEnd(Duration.ofSeconds(30));
    for (var left = stream.ids().size() - 1; left > 0; left--) {
      var event = stream.next();
      if (event.isMessage()) {
        got.add(number(event.message().path("params").path("data").asString()));
      }
    }
    return stream.requireLastEventId();
  }

  private static int number(String data) {
    return Integer.parseInt(data.substring(0, data.indexOf('x')));
  }

  private static void send(Instance from, String session, String data) {
    var params = Codec.object().put("level", "info").put("data", data);
    var _ =
        from.server()
            .handle()
            .send(session, new Message.Notification("notifications/message", params));
  }
}
