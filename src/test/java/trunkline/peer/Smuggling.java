package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import trunkline.telemetry.ServerEvent.RequestRefused;
import trunkline.testing.FramingFaults;
import trunkline.testing.McpTestClient;

/// Requests that a balancer could see end in another place than an instance does, with another
/// behind them for a path that the balancer lets nobody ask for: an instance that is asked for it
/// took one client's bytes for a request.
final class Smuggling {
  private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final int NOT_FOUND = 404;
  private static final int ANSWER_MILLIS_MAX = 200;

  private Smuggling() {}

  static void requireNone(URI url, Balanced balanced) throws InterruptedException, IOException {
    try (var neighbour = new McpTestClient()) {
      neighbour.on(url).connect("2025-11-25", "{}");
      for (var fault : FramingFaults.ALL) {
        send(url, fault.request() + HIDDEN);
        assertThat(neighbour.on(url).request("ping").result()).as(fault.name()).isEmpty();
        for (var instance : balanced.instances()) {
          assertThat(instance.events().all(RequestRefused.class))
              .as("what %s was asked for behind: %s", instance, fault)
              .doesNotContain(new RequestRefused(NOT_FOUND));
        }
      }
    }
  }

  /// Sends, and waits for a moment or for the end.
  private static void send(URI url, String bytes) throws IOException {
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      while (socket.getInputStream().read() >= 0) {
        Thread.onSpinWait();
      }
    } catch (SocketTimeoutException _) {
      // the balancer keeps the connection
    }
  }
}
