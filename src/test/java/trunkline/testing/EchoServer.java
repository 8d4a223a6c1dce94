package trunkline.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/// An HTTP server to try the tests' own tools on: POST answers with its name and the body, GET is a
/// stream of what the test tells it to send, until "end".
final class EchoServer implements AutoCloseable {
  final BlockingQueue<String> toSend = new LinkedBlockingQueue<>();

  /// The server's observations: "gone" when a stream's client left.
  final BlockingQueue<String> noticed = new LinkedBlockingQueue<>();

  private final HttpServer server;
  private final String name;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  EchoServer(String name) {
    this.name = name;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/mcp", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/mcp");
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      stream(exchange);
      return;
    }
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var session = exchange.getRequestHeaders().getFirst("Mcp-Session-Id");
    var answer =
        "{\"server\":\"%s\",\"session\":\"%s\",\"body\":%s}"
            .formatted(name, session, body.isEmpty() ? "null" : body)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Mcp-Session-Id", "session-of-" + name);
    exchange.getResponseHeaders().add("X-Accel-Buffering", "no");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      out.flush(); // the head does not wait for the first event
      for (var text = toSend.take(); !text.equals("end"); text = toSend.take()) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException _) {
      noticed.add("gone");
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
