package trunkline.http;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/// The listening server: MCP at `/mcp`, health and metrics under `/observe`.
///
/// The default host is loopback, and clients say `127.0.0.1`, `localhost` or `[::1]` as they
/// please, so there are two listeners then, on one port number.
public final class HttpServer implements AutoCloseable {
  /// Longer than what proxies keep idle connections for (nginx: 60 s): the side that opens
  /// connections should be the one that closes them.
  private static final Duration IDLE_MAX = Duration.ofSeconds(75);

  /// Helidon's own idle check would, in the middle of a long stream, mark its connection to be
  /// closed after it. The read time-out does the same for connections that really are idle.
  private static final Duration NEVER = Duration.ofDays(365);

  private static final int BACKLOG = 1024;

  /// Helidon's default of 4 KiB would hold up every larger body.
  private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

  private final List<WebServer> listeners;
  private final Ticker wheel;
  private final int port;

  private HttpServer(List<WebServer> listeners, Ticker wheel, int port) {
    this.listeners = listeners;
    this.wheel = wheel;
    this.port = port;
  }

  /// Where a start would listen: the port itself, or a free one for 0.
  ///
  /// @throws PortTaken when the port is in use, better known before a database starts
  public static int findPort(String host, int port) {
    return Binding.of(host, port).port();
  }

  /// Listens when it returns.
  ///
  /// @throws PortTaken when the port is in use
  public static HttpServer start(HttpSettings settings, HttpWiring wiring) {
    var policy = settings.policy();
    var guard = new OriginGuard(settings.allowedHosts(), settings.allowedOrigins());
    var wheel = Ticker.start(tick(policy));
    var mcp =
        new McpEndpoint(
            guard, wiring.authenticator(), wiring.gateway(), new Replies(wheel, policy));
    var observation = new ObserveEndpoint(wiring.health(), wiring.metrics(), wiring.instance());
    var door = new RootHandler(wiring, wheel, policy, mcp, observation);
    List<WebServer> listeners = new ArrayList<>();
    try {
      var binding = Binding.of(settings.host(), settings.port());
      for (var address : binding.addresses()) {
        listeners.add(listen(address, binding.port(), policy, wiring, door));
      }
      UnacknowledgedLimit.set(binding.port(), policy.unacknowledgedMax());
      return new HttpServer(listeners, wheel, binding.port());
    } catch (RuntimeException e) {
      listeners.forEach(WebServer::stop);
      wheel.close();
      throw e;
    }
  }

  /// Fine enough for both waits that it watches, coarse enough to cost nothing.
  private static Duration tick(HttpPolicy policy) {
    var shorter =
        policy.keepAlive().compareTo(policy.writeTimeout()) < 0
            ? policy.keepAlive()
            : policy.writeTimeout();
    return shorter.dividedBy(40);
  }

  private static WebServer listen(
      InetAddress address, int port, HttpPolicy policy, HttpWiring wiring, RootHandler door) {
    var server =
        WebServer.builder()
            .address(address)
            .port(port)
            .backlog(BACKLOG)
            .shutdownHook(false) // the order of stopping is ours
            .shutdownGracePeriod(policy.stopGrace())
            .featuresDiscoverServices(false)
            .protocolsDiscoverServices(false)
            .addProtocol(Http1Config.builder().sendLog(false).receiveLog(false).build())
            .putListenerSocketOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            .connectionOptions(options -> options.tcpNoDelay(true).readTimeout(IDLE_MAX))
            .writeQueueLength(0) // a write blocks its own thread: back-pressure is TCP
            .writeBufferSize(0) // frames are batched by the outlet
            .maxPayloadSize(2L * policy.bodyBytesMax()) // beyond it we do not even listen politely
            .idleConnectionTimeout(NEVER)
            .idleConnectionPeriod(NEVER)
            .directHandlers(ParseErrors.handlers(wiring))
            .routing(routing -> routing.any(door))
            .build()
            .start();
    if (!server.isRunning()) { // Helidon logs the reason and keeps it
      throw new PortTaken(address.getHostAddress(), port, null);
    }
    return server;
  }

  public int port() {
    return port;
  }

  /// Stops accepting, lets open requests finish for the policy's grace, then closes. The caller
  /// must have made readiness false and ended the streams.
  @Override
  public void close() {
    try (var stopping = Executors.newVirtualThreadPerTaskExecutor()) {
      listeners.forEach(listener -> stopping.execute(listener::stop));
    }
    wheel.close();
  }
}
