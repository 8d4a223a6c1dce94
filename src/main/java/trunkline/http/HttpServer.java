package trunkline.http;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import trunkline.protocol.Entrance;
import trunkline.socket.ListeningSockets;
import trunkline.socket.UnacknowledgedLimit;
import trunkline.tls.TlsContext;
import trunkline.tls.TlsFiles;

/// The listening server: MCP at `/mcp`, health and metrics under `/observe`, or on a port of their
/// own.
///
/// The default host is loopback, and clients say `127.0.0.1`, `localhost` or `[::1]` as they
/// please, so there are two listeners then, on one port number.
public final class HttpServer implements Entrance {
  /// Helidon's own idle check would, in the middle of a long stream, mark its connection to be
  /// closed after it. [Arrival] bounds connections that really are idle.
  private static final Duration NEVER = Duration.ofDays(365);

  private static final int BACKLOG = 1024;

  /// Helidon's default of 4 KiB would hold up every larger body.
  private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

  private static final long LOOK_MILLIS = 5;
  private static final Duration CUT_MAX = Duration.ofSeconds(1);
  private static final Duration REFUSED_MAX = Duration.ofSeconds(4);

  /// Until who was let in last is counted among the connections.
  private static final long HANDED_ON_MILLIS = 300;

  private final OpenConnections connections;
  private final Optional<Management> management;
  private final Optional<TlsFiles> tls;
  private final Ticker wheel;
  private final Standings standings;
  private final HttpPolicy policy;
  private final Binding binding;
  private final Set<String> paths;
  private final List<Pages> pages;
  private final ListenerClosing closing;

  private HttpServer(
      OpenConnections connections,
      Optional<Management> management,
      Optional<TlsFiles> tls,
      Ticker wheel,
      Standings standings,
      HttpPolicy policy,
      Binding binding,
      Set<String> paths,
      List<Pages> pages,
      ListenerClosing closing) {
    this.connections = connections;
    this.management = management;
    this.tls = tls;
    this.wheel = wheel;
    this.standings = standings;
    this.policy = policy;
    this.binding = binding;
    this.paths = Set.copyOf(paths);
    this.pages = pages;
    this.closing = closing;
  }

  /// Listens when it returns.
  ///
  /// @throws PortTaken when the port is in use
  /// @throws trunkline.tls.TlsUnusable when a certificate or its key cannot be used
  public static HttpServer start(HttpSettings settings, HttpWiring wiring) {
    var policy = settings.policy();
    var tls = settings.tls().map(files -> TlsFiles.open(files, wiring.events()));
    var guard =
        new OriginGuard(
            settings.allowedHosts(), settings.allowedOrigins(), settings.tls().isPresent());
    var wheel = Ticker.start("trunkline-wheel", tick(policy));
    var standings = Standings.start(wiring::reportDismissed);
    var mcp =
        new McpEndpoint(
            guard,
            wiring.authenticator(),
            wiring.gateway(),
            wiring.shownHeaders(),
            new Replies(wheel, standings, policy, wiring.authenticator()::insufficient),
            new OpenStreams(tls.isPresent() ? policy.overTls() : policy.streamsMax()),
            wiring.denials(),
            tls);
    var observation =
        new ObserveEndpoint(wiring.health(), wiring.metrics(), wiring.instance(), tls);
    var connections = OpenConnections.bounded(policy, wheel, wiring);
    var routes = new HashMap<String, RootHandler.Route>(mcp.routes());
    routes.putAll(PublicDocuments.of(wiring.authenticator().documents()).routes());
    routes.putAll(PagesEndpoint.routes(guard, wiring.pages()));
    var managed = new HashMap<String, RootHandler.Route>(observation.routes());
    managed.putAll(PagesEndpoint.routes(guard, wiring.managementPages()));
    if (settings.apart().isEmpty()) {
      routes.putAll(managed);
    }
    var door = new RootHandler(wiring, policy, connections::isLast, routes);
    List<WebServer> listeners = new ArrayList<>();
    try {
      var binding = Binding.of(settings.host(), settings.port());
      var context = tls.map(files -> TlsContext.of(files, true, connections.handshakes()));
      listen(binding, connections, context, policy, wiring, door, listeners);
      var sockets = ListeningSockets.at(binding.port());
      UnacknowledgedLimit.set(sockets, policy.unacknowledgedMax());
      var management =
          settings
              .apart()
              .map(place ->
                  Management.start(
                      place,
                      tls.filter(files -> files.settings().management()),
                      policy,
                      wiring,
                      wheel,
                      managed));
      return new HttpServer(
          connections,
          management,
          tls,
          wheel,
          standings,
          policy,
          binding,
          routes.keySet(),
          Stream.of(wiring.pages(), wiring.managementPages())
              .flatMap(each -> each.values().stream())
              .toList(),
          new ListenerClosing(binding, sockets, listeners, connections::letNoneFollow));
    } catch (RuntimeException e) {
      listeners.forEach(WebServer::stop);
      wheel.close();
      standings.close();
      tls.ifPresent(TlsFiles::close);
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

  private static WebServerConfig.Builder listener(OpenConnections connections, HttpPolicy policy) {
    return WebServer.builder()
        .backlog(BACKLOG)
        .shutdownHook(false) // the order of stopping is ours
        .shutdownGracePeriod(NEVER) // and so is its end
        .featuresDiscoverServices(false)
        .contentEncoding(new CodedBodies())
        .protocolsDiscoverServices(false)
        .addConnectionSelector(connections)
        .putListenerSocketOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        .connectionOptions(options -> options.tcpNoDelay(true))
        .writeQueueLength(0) // a write blocks its own thread: back-pressure is TCP
        .writeBufferSize(0) // frames are batched by the outlet
        .maxPayloadSize(2L * policy.bodyBytesMax()) // beyond it we do not even listen politely
        .idleConnectionTimeout(NEVER)
        .idleConnectionPeriod(NEVER);
  }

  /// @param listeners get those that listen, one for each address
  static void listen(
      Binding binding,
      OpenConnections connections,
      Optional<TlsContext> tls,
      HttpPolicy policy,
      HttpWiring wiring,
      RootHandler door,
      List<WebServer> listeners) {
    for (var address : binding.addresses()) {
      var listener =
          listener(connections, policy)
              .address(address)
              .port(binding.port())
              .directHandlers(ParseErrors.handlers(wiring))
              .routing(routing -> routing.any(door));
      tls.ifPresent(context -> listener.tls(Tls.builder().sslContext(context).build()));
      listeners.add(listen(listener, address, binding.port()));
    }
  }

  private static WebServer listen(WebServerConfig.Builder listener, InetAddress address, int port) {
    var server = listener.build().start();
    if (!server.isRunning()) { // Helidon logs the reason and keeps it
      throw new PortTaken(address.getHostAddress(), port, null);
    }
    return server;
  }

  public int port() {
    return binding.port();
  }

  /// The paths that are answered at that port; what ends with a slash is also for all below it.
  public Set<String> paths() {
    return paths;
  }

  /// The port of health and metrics.
  public int managementPort() {
    return management.map(Management::port).orElseGet(this::port);
  }

  /// How long the certificate of new connections lasts; empty without TLS.
  public Optional<Supplier<Duration>> certificateLeft() {
    return tls.map(files -> files::left);
  }

  /// Accepts no connection any more. The open ones are served on, each answer being its
  /// connection's last.
  @Override
  public void refuse() {
    closing.begin();
  }

  /// Waits until nobody is let in any more. Where the kernel can't be told to, somebody may come in
  /// until the socket is closed, which Helidon does not say, and is to be served like the others.
  @Override
  public void awaitRefused() {
    var until = System.nanoTime() + REFUSED_MAX.toNanos();
    try {
      closing.await(REFUSED_MAX);
      while (binding.isOpen() && System.nanoTime() - until < 0) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      TimeUnit.MILLISECONDS.sleep(HANDED_ON_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The open connections, idle ones included.
  @Override
  public int connections() {
    return connections.count();
  }

  /// Refuses, lets open requests finish for the policy's grace, then closes. The caller must have
  /// made readiness false and ended the streams.
  @Override
  public void close() {
    closing.begin();
    try {
      closing.await(REFUSED_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(policy.stopGrace());
  }

  /// Refuses, and closes whatever is open.
  @Override
  public void kill() {
    closing.atOnce();
    close(Duration.ZERO);
  }

  private void close(Duration grace) {
    connections.closeIdle();
    awaitNone(grace);
    connections.closeAll();
    awaitNone(CUT_MAX);
    management.ifPresent(Management::close);
    pages.forEach(Pages::close);
    wheel.close();
    standings.close();
    tls.ifPresent(TlsFiles::close);
  }

  private void awaitNone(Duration patience) {
    var until = System.nanoTime() + patience.toNanos();
    try {
      while (connections.count() > 0 && System.nanoTime() - until < 0) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
