package trunkline.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import trunkline.access.Authenticator;
import trunkline.jsonrpc.Codec;
import trunkline.memory.MemoryBudget;
import trunkline.signal.InstanceId;
import trunkline.telemetry.ServerEvent;

/// A listening server with the echo gateway behind it.
record HttpFixture(HttpServer server, EchoGateway gateway, BlockingQueue<ServerEvent> events)
    implements AutoCloseable {
  static final HttpPolicy FAST =
      new HttpPolicy(
          Duration.ofMillis(2400),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          64 * 1024,
          8,
          Duration.ofMillis(200));

  /// With the limits of the product, for a client that a busy machine may hold up.
  static final HttpPolicy PATIENT = HttpPolicy.of(Duration.ofSeconds(10), FAST.bodyBytesMax());

  static HttpFixture patient() {
    return start(
        new HttpSettings("127.0.0.1", 0, Set.of(), Set.of(), PATIENT), Authenticator.ANONYMOUS);
  }

  static HttpFixture start() {
    return start(allowing(Set.of(), Set.of()), Authenticator.ANONYMOUS);
  }

  static HttpFixture start(Authenticator authenticator) {
    return start(allowing(Set.of(), Set.of()), authenticator);
  }

  static HttpFixture start(HttpSettings settings, Authenticator authenticator) {
    var gateway = new EchoGateway();
    BlockingQueue<ServerEvent> events = new LinkedBlockingQueue<>();
    var wiring =
        new HttpWiring(
            gateway,
            authenticator,
            (_, _, _, _) -> {},
            () -> new Health.Report(true, "serving", "notify", true),
            () -> Optional.of("trunkline_test 1\n"),
            () -> new InstanceId(7),
            Set.of("x-tenant"),
            new MemoryBudget(64 << 20, _ -> {}),
            Map.of(),
            Map.of(),
            events::add);
    return new HttpFixture(HttpServer.start(settings, wiring), gateway, events);
  }

  static HttpSettings allowing(Set<String> hosts, Set<String> origins) {
    return new HttpSettings("127.0.0.1", 0, hosts, origins, FAST);
  }

  RawHttp connect() throws IOException {
    return RawHttp.to(server.port());
  }

  /// A client whose own buffer is full soon.
  RawHttp connectReadingSlowly() throws IOException {
    return new RawHttp(RawHttp.loopback(server.port()), 4096);
  }

  /// A well-formed call.
  static String call(String method, String... headers) {
    var body = Codec.text(Codec.object().put("jsonrpc", "2.0").put("id", 1).put("method", method));
    return post(body, headers);
  }

  static String post(String body, String... headers) {
    return "POST /mcp HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\n"
        + "Accept: application/json, text/event-stream\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n"
        + lines(headers)
        + "\r\n"
        + body;
  }

  static String get(String... headers) {
    return "GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
        + lines(headers)
        + "\r\n";
  }

  private static String lines(String... headers) {
    return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
  }

  @Override
  public void close() {
    server.close();
  }
}
