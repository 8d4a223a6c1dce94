package trunkline.http;

import io.helidon.webserver.WebServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trunkline.tls.TlsContext;
import trunkline.tls.TlsFiles;

/// Health and metrics on an address of their own. They answer until the server has left, when the
/// other listeners refuse already.
final class Management implements AutoCloseable {
  private final List<WebServer> listeners;
  private final OpenConnections connections;
  private final int port;

  private Management(List<WebServer> listeners, OpenConnections connections, int port) {
    this.listeners = listeners;
    this.port = port;
    this.connections = connections;
  }

  /// Listens when it returns.
  ///
  /// @param tls empty to speak without
  /// @throws PortTaken when the port is in use
  static Management start(
      HttpSettings.Place place,
      Optional<TlsFiles> tls,
      HttpPolicy policy,
      HttpWiring wiring,
      Ticker wheel,
      Map<String, RootHandler.Route> routes) {
    var connections = OpenConnections.bounded(policy, wheel, wiring);
    var door = new RootHandler(wiring, policy, connections::isLast, routes);
    List<WebServer> listeners = new ArrayList<>();
    try {
      var binding = Binding.of(place.host(), place.port());
      var context = tls.map(files -> TlsContext.of(files, false, connections.handshakes()));
      HttpServer.listen(binding, connections, context, policy, wiring, door, listeners);
      return new Management(listeners, connections, binding.port());
    } catch (RuntimeException e) {
      listeners.forEach(WebServer::stop);
      throw e;
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    listeners.forEach(listener -> Thread.startVirtualThread(listener::stop));
    connections.closeIdle();
    connections.closeAll();
  }
}
