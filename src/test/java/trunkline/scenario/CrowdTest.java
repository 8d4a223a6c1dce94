package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// Goal: no crowd of requests, each of which is allowed, ends an instance with a small heap or
/// holds up another client's small calls. Method: for half a minute hundreds of connections send
/// the largest bodies, whole, slowly and in one chunk, wide and deep ones, ask for the largest
/// results and do not read them, and open sessions and streams; a neighbour calls meanwhile.
@Tag("cluster")
@Timeout(240)
class CrowdTest {
  private static final Semaphore NEVER = new Semaphore(0);
  private static final int HEAP_MEGABYTES = 128;
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final int BODY_BYTES = 4_000_000;
  private static final int PAUSE_MILLIS = 50;

  private static final String HEAD =
      """
      POST /mcp HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      Accept: application/json, text/event-stream\r
      """;

  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}";

  private volatile boolean over;
  private final Semaphore connections = new Semaphore(400);

  /// What one connection does, again and again.
  @FunctionalInterface
  private interface Attack {
    void run(Socket socket, String session) throws Exception;
  }

  private record Crowd(String name, int connections, Attack attack) {}

  private static final String FILLED =
      CALL.formatted("bulk", "{\"x\":\"" + "x".repeat(BODY_BYTES) + "\"}");
  private static final String WIDE = "[" + "{},".repeat(BODY_BYTES / 3) + "{}]";
  private static final String DEEP = "[".repeat(BODY_BYTES);
  private static final String BATCH =
      "[" + "{\"jsonrpc\":\"2.0\",\"method\":\"ping\"},".repeat(100_000) + "1]";

  private final List<Crowd> crowds =
      List.of(
          new Crowd("bodies", 63, (socket, session) -> whole(socket, session, FILLED)),
          new Crowd("slow bodies", 100, CrowdTest::slow),
          new Crowd("chunks", 63, CrowdTest::chunk),
          new Crowd("wide", 20, (socket, session) -> whole(socket, session, WIDE)),
          new Crowd("deep", 20, (socket, session) -> whole(socket, session, DEEP)),
          new Crowd("batches", 20, (socket, session) -> whole(socket, session, BATCH)),
          new Crowd("results", 100, (socket, session) -> whole(socket, session, bulk(3_000, 0))),
          new Crowd(
              "unread results", 100, (socket, session) -> unread(socket, session, bulk(3_000, 0))),
          new Crowd(
              "unread streams", 100, (socket, session) -> unread(socket, session, bulk(1_000, 3))));

  @Test
  void it_serves_on(TestCluster cluster) throws Exception {
    var instance = cluster.startProcess("small", HEAP_MEGABYTES, "features", "sample,bulky");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var neighbour = new McpTestClient();
        var attacker = new McpTestClient()) {
      neighbour.on(instance).connect("2025-11-25", "{}");
      attacker.on(instance).connect("2025-11-25", "{}");
      var all =
          Stream.concat(
                  Stream.of(CompletableFuture.runAsync(() -> openSessions(instance), threads)),
                  crowds.stream()
                      .flatMap(
                          crowd -> start(crowd, instance.url(), attacker.sessionId(), threads)))
              .toList();
      var calls = callFor(TIME, neighbour.on(instance));
      over = true;
      System.out.println("Beside a crowd at " + HEAP_MEGABYTES + " MiB: " + calls);
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(90, TimeUnit.SECONDS);

      assertThat(instance.text()).doesNotContain("OutOfMemoryError");
      assertThat(neighbour.on(instance).request("ping").status()).isEqualTo(200);
      assertThat(calls.errors()).isZero();
      assertThat(calls.worst()).isLessThan(Duration.ofSeconds(5));
      assertThat(metrics(instance)).contains("trunkline_memory_refused_total ");
    }
  }

  private record Calls(int made, int errors, int laterThanASecond, Duration worst) {}

  private static Calls callFor(Duration time, McpTestClient.On neighbour) throws Exception {
    var calls = new Calls(0, 0, 0, Duration.ZERO);
    var until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - until < 0) {
      var began = System.nanoTime();
      var served = isServed(neighbour);
      var took = Duration.ofNanos(System.nanoTime() - began);
      calls =
          new Calls(
              calls.made() + 1,
              calls.errors() + (served ? 0 : 1),
              calls.laterThanASecond() + (took.toSeconds() > 0 ? 1 : 0),
              took.compareTo(calls.worst()) > 0 ? took : calls.worst());
      pace(PAUSE_MILLIS);
    }
    return calls;
  }

  private static boolean isServed(McpTestClient.On neighbour) {
    try {
      return neighbour.request("ping").status() == 200;
    } catch (RuntimeException _) {
      return false;
    }
  }

  private static String metrics(TestCluster.Running instance) {
    var url = URI.create(instance.url().toString().replace("/mcp", "/observe/metrics"));
    try (var client = new McpTestClient()) {
      return client.on(url).raw("GET", new byte[0]).body();
    }
  }

  private Stream<CompletableFuture<Void>> start(
      Crowd crowd, URI instance, String session, ExecutorService threads) {
    return IntStream.range(0, crowd.connections())
        .mapToObj(_ -> CompletableFuture.runAsync(() -> repeat(crowd, instance, session), threads));
  }

  private void repeat(Crowd crowd, URI instance, String session) {
    while (!over) {
      try {
        connections.acquire();
        try (var socket = new Socket(instance.getHost(), instance.getPort())) {
          socket.setSoTimeout(20_000);
          crowd.attack().run(socket, session);
        } catch (IOException _) {
          // refused or cut off
        } finally {
          connections.release();
        }
        pace(ThreadLocalRandom.current().nextInt(500));
      } catch (Exception e) {
        throw new AssertionError(crowd.name(), e);
      }
    }
  }

  private void openSessions(TestCluster.Running instance) {
    while (!over) {
      try (var client = new McpTestClient()) {
        var _ = client.on(instance).initialize("2025-11-25", "{}");
        if (client.sessionId() != null) {
          var _ = client.on(instance).get();
        }
      } catch (RuntimeException _) {
        // refused
      }
    }
  }

  private static String bulk(int kilobytes, int words) {
    return CALL.formatted("bulk", "{\"kilobytes\":%d,\"words\":%d}".formatted(kilobytes, words));
  }

  private static void head(Socket socket, String session, String framing) throws IOException {
    socket
        .getOutputStream()
        .write(
            bytes(
                HEAD
                    + "Mcp-Session-Id: "
                    + session
                    + "\r\nMCP-Protocol-Version: 2025-11-25\r\nConnection: close\r\n"
                    + framing
                    + "\r\n\r\n"));
  }

  private static void whole(Socket socket, String session, String body) throws IOException {
    head(socket, session, "Content-Length: " + body.length());
    socket.getOutputStream().write(bytes(body));
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private static void chunk(Socket socket, String session) throws IOException {
    head(socket, session, "Transfer-Encoding: chunked");
    socket.getOutputStream().write(bytes(Integer.toHexString(FILLED.length()) + "\r\n" + FILLED));
    socket.getOutputStream().write(bytes("\r\n0\r\n\r\n"));
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private static void slow(Socket socket, String session) throws Exception {
    head(socket, session, "Content-Length: " + FILLED.length());
    socket.getOutputStream().write(bytes(FILLED.substring(0, BODY_BYTES / 2)));
    for (var i = 0; i < 500; i++) {
      socket.getOutputStream().write('x');
      pace(20);
    }
  }

  private static void unread(Socket socket, String session, String body) throws Exception {
    head(socket, session, "Content-Length: " + body.length());
    socket.getOutputStream().write(bytes(body));
    pace(8_000);
  }

  /// How fast the crowd goes, and its neighbour: part of the workload, and no wait for its outcome.
  private static void pace(long millis) throws InterruptedException {
    var _ = NEVER.tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
