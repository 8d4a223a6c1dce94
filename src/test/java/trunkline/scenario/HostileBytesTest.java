package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// Goal: bytes without end, in whatever part of a request, cost an instance with a small heap one
/// connection for a stated time, and other clients nothing.
@Tag("cluster")
@Timeout(180)
class HostileBytesTest {
  private static final int HEAP_MEGABYTES = 64;

  /// Twice the largest body, with the frames of its chunks; as much is dropped after a refusal; and
  /// the socket's buffers on both sides.
  private static final long BYTES_MAX = 32L << 20;

  /// 30 s for a head or a body, what tells silence from a late byte, what is read after a refusal,
  /// and a busy machine.
  private static final Duration TIME_MAX = Duration.ofSeconds(30 + 1 + 2 + 15);

  private static final int BLOCK_BYTES = 64 * 1024;
  private static final int DROP_MILLIS = 20;

  private static final String HEAD =
      """
      POST /mcp HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      Accept: application/json, text/event-stream\r
      """;
  private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";

  /// What is sent once, and what then without end: as fast as it is taken, or drop by drop.
  record Attack(String name, String start, String more, boolean slowly) {
    static Attack flood(String name, String start, String more) {
      return new Attack(name, start, more, false);
    }

    static Attack drip(String name, String start, String more) {
      return new Attack(name, start, more, true);
    }
  }

  private static final List<Attack> ATTACKS =
      List.of(
          Attack.flood("a request line", "POST /", "a"),
          Attack.flood("a method", "", "A"),
          Attack.flood("empty lines", "", "\r\n"),
          Attack.flood("a header's name", HEAD, "X"),
          Attack.flood("a header's value", HEAD + "X: ", "y"),
          Attack.flood("headers", HEAD, "X: y\r\n"),
          Attack.flood("a chunk's size", CHUNKED, "0"),
          Attack.flood("an extension", CHUNKED + "1;a=", "b"),
          Attack.flood("extensions", CHUNKED + "1", ";a=b"),
          Attack.flood("a chunk beyond all bounds", CHUNKED + "7fffffff\r\n", " "),
          Attack.flood("chunks", CHUNKED, "8\r\n        \r\n"),
          Attack.flood("chunks of a byte", CHUNKED, "1\r\n \r\n"),
          Attack.flood("a trailer", CHUNKED + "0\r\nX: ", "y"),
          Attack.flood("trailers", CHUNKED + "0\r\n", "X: y\r\n"),
          Attack.flood("a body behind a call", HEAD + "Content-Length: 2\r\n\r\n{}", "x"),
          Attack.flood("a body behind a refusal", HEAD + "Transfer-Encoding: gzip\r\n\r\n", "x"),
          Attack.flood(
              "requests whose answers nobody reads",
              "",
              "GET /observe/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"),
          Attack.drip("a request line", "POST /", "a"),
          Attack.drip("headers", HEAD, "X: y\r\n"),
          Attack.drip("a body", HEAD + "Content-Length: 4000000\r\n\r\n", " "),
          Attack.drip("a chunk", CHUNKED + "3d0900\r\n", " "),
          Attack.drip("chunks", CHUNKED, "1\r\n \r\n"),
          Attack.drip("nothing of a body", HEAD + "Content-Length: 4000000\r\n\r\n", ""),
          Attack.drip("nothing more of a head", HEAD, ""));

  @Test
  void an_attacker_is_cut_off_and_nobody_else_notices(TestCluster cluster) throws Exception {
    var instance = cluster.startProcess("small", HEAP_MEGABYTES);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var neighbour = new McpTestClient()) {
      neighbour.on(instance).connect("2025-11-25", "{}");
      var attacks =
          ATTACKS.stream()
              .map(attack ->
                  CompletableFuture.runAsync(() -> requireCutOff(attack, instance.url()), threads))
              .toList();

      var all = CompletableFuture.allOf(attacks.toArray(CompletableFuture[]::new));
      var worst = 0L;
      while (!all.isDone()) {
        var began = System.nanoTime();
        assertThat(neighbour.on(instance).request("ping").status()).isEqualTo(200);
        worst = Math.max(worst, System.nanoTime() - began);
      }

      all.join();
      assertThat(Duration.ofNanos(worst)).isLessThan(Duration.ofSeconds(5));
      assertThat(instance.text()).doesNotContain("OutOfMemoryError");
    }
  }

  private static void requireCutOff(Attack attack, URI instance) {
    var began = System.nanoTime();
    var sent = 0L;
    try (var socket = new Socket(instance.getHost(), instance.getPort())) {
      var out = socket.getOutputStream();
      out.write(bytes(attack.start()));
      var more =
          bytes(
              attack.slowly()
                  ? attack.more()
                  : attack.more().repeat(BLOCK_BYTES / attack.more().length()));
      while (sent < BYTES_MAX) {
        assertThat(System.nanoTime() - began).as(attack.name()).isLessThan(TIME_MAX.toNanos());
        out.write(more);
        sent += more.length;
        if (attack.slowly() && isEnded(socket)) {
          return;
        }
      }
    } catch (IOException _) {
      return; // cut off
    }
    throw new AssertionError(attack.name() + ": still taken after " + sent + " bytes");
  }

  /// Waits for a moment.
  private static boolean isEnded(Socket socket) throws IOException {
    socket.setSoTimeout(DROP_MILLIS);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
