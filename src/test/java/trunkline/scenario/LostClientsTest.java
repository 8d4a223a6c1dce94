package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.MuteSocket;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;

@Tag("cluster")
class LostClientsTest {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(2);
  private static final String BULK = "x".repeat(100_000);

  @Test
  void a_client_that_vanished_is_noticed_within_one_keep_alive_interval(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a", "keep-alive", KEEP_ALIVE.toMillis() + "ms");
    try (var client = Trio.connectedTo(a)) {
      var stream = client.on(a).get().sse();
      stream.next();

      stream.close();
      var left = System.nanoTime();

      var closed = a.events().await(ServerEvent.StreamClosed.class);
      assertThat(closed.reason()).isEqualTo("client left");
      assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(KEEP_ALIVE);
    }
  }

  /// Goal: a client whose machine fell silent is noticed as soon as one that left. By itself TCP
  /// would go on sending for a quarter of an hour.
  @Test
  @EnabledOnOs(OS.LINUX)
  void a_client_whose_machine_fell_silent_is_noticed_too(TestCluster cluster) throws Exception {
    var a = cluster.start("a", "keep-alive", KEEP_ALIVE.toMillis() + "ms");
    try (var client = Trio.connectedTo(a);
        var stream = new MuteSocket(a.url().getPort())) {
      stream.send(
          "GET /mcp HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n"
                  .formatted(a.url().getPort())
              + "Mcp-Session-Id: %s\r\nMCP-Protocol-Version: %s\r\n\r\n"
                  .formatted(client.sessionId(), Trio.REVISION));
      stream.await("id: ");

      stream.mute();
      var silent = System.nanoTime();

      var closed = a.events().await(ServerEvent.StreamClosed.class);
      assertThat(closed.reason()).isEqualTo("client left");
      assertThat(Duration.ofNanos(System.nanoTime() - silent))
          .isLessThan(KEEP_ALIVE.plusSeconds(1));
    }
  }

  /// Goal: a client that stops reading is closed, delays nobody, and on its return, elsewhere, gets
  /// the rest once and in order.
  @Test
  void a_client_that_stopped_reading_is_closed_and_gets_the_rest_elsewhere(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var stuck = Trio.connectedTo(a);
        var other = Trio.connectedTo(a)) {
      var slow = stuck.on(b).getNarrow(null, 4096).sse();
      var quick = other.on(b).get().sse();
      slow.next();
      slow.stopReading();

      var sent = 0;
      var slowest = Duration.ZERO;
      while (b.events().count(ServerEvent.StreamClosed.class) == 0) {
        if (sent < 300) {
          Trio.send(a, stuck, sent + BULK);
          sent++;
        }
        var began = System.nanoTime();
        Trio.send(a, other, "quick");
        quick.nextMessage();
        var took = Duration.ofNanos(System.nanoTime() - began);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
      }

      assertThat(b.events().await(ServerEvent.StreamClosed.class).reason()).isEqualTo("slow");
      assertThat(slowest).isLessThan(Duration.ofSeconds(5));
      var got = new ArrayList<Integer>();
      var last = readAll(slow, got);
      var rest = stuck.on(a).resume(last).sse();
      while (got.size() < sent) {
        got.add(number(rest.nextLog()));
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
        got.add(number(event.log()));
      }
    }
    return stream.requireLastEventId();
  }

  private static int number(String data) {
    return Integer.parseInt(data.substring(0, data.indexOf('x')));
  }
}
