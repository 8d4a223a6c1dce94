package trunkline;

import java.util.Map;
import java.util.Optional;
import trunkline.access.Authenticator;
import trunkline.config.ServerConfig;
import trunkline.console.Console;
import trunkline.http.HttpServer;
import trunkline.http.HttpSettings;
import trunkline.http.Pages;
import trunkline.protocol.Entrance;
import trunkline.store.Connections;

/// Whether an instance has a console, where, and for whom: on the embedded database for whoever
/// sits at the machine, without being asked for.
final class Consoles {
  private Consoles() {}

  static Map<String, Pages> pages(
      ServerConfig config, Authenticator authenticator, Connections connections, Core core) {
    if (!isServed(config)) {
      return Map.of();
    }
    var seals = core.sessions().seals();
    var place =
        new Console.Place(connections, core.cluster()::self, seals, config.console().payloads());
    return Map.of(
        Console.PATH,
        Exposure.isPrivate(config)
            ? Console.nearby(place)
            : Console.guarded(place, authenticator, core.audit(), isSecure(config)));
  }

  /// @throws trunkline.config.Refusal when something is asked of a console that there is not
  static void require(ServerConfig config) {
    config.console().require(isServed(config));
  }

  /// For a browser on this machine.
  static Optional<String> address(ServerConfig config, Entrance entrance) {
    if (!(entrance instanceof HttpServer server) || !isServed(config)) {
      return Optional.empty();
    }
    var http = config.http();
    var place = http.management();
    return Optional.of(
        "%s://%s:%d%s"
            .formatted(
                isSecure(config) ? "https" : "http",
                HttpSettings.reachable(place.map(HttpSettings.Place::host).orElse(http.host())),
                server.managementPort(),
                Console.PATH));
  }

  /// Whether its listener speaks TLS.
  private static boolean isSecure(ServerConfig config) {
    var http = config.http();
    return http.tls()
        .filter(files -> http.management().isEmpty() || files.management())
        .isPresent();
  }

  private static boolean isServed(ServerConfig config) {
    return Exposure.isPrivate(config) || config.console().wanted();
  }
}
