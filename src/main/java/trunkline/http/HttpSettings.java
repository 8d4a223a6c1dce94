package trunkline.http;

import java.util.Optional;
import java.util.Set;
import trunkline.tls.TlsSettings;

/// The address, and accepted names.
///
/// @param host an address or name; `127.0.0.1` and `localhost` mean both loopback addresses
/// @param port 0 takes a free one, the same on both loopback addresses
/// @param allowedHosts accepted in `Host` besides the loopback names: `name` (any port),
///   `name:port`, or `*`; root adds the advertised host
/// @param allowedOrigins accepted in `Origin` besides those on loopback and allowed hosts:
///   `https://name[:port]`, or `*`
/// @param management where health and metrics are to stand; empty when nobody said so, and they are
///   beside MCP
/// @param tls empty to speak HTTP without TLS
public record HttpSettings(
    String host,
    int port,
    Set<String> allowedHosts,
    Set<String> allowedOrigins,
    HttpPolicy policy,
    Optional<Place> management,
    Optional<TlsSettings> tls) {

  /// An address, and a port; 0 takes a free one.
  public record Place(String host, int port) {}

  public HttpSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
    }
    allowedHosts = Set.copyOf(allowedHosts);
    allowedOrigins = Set.copyOf(allowedOrigins);
  }

  /// With health and metrics beside MCP, and without TLS.
  public HttpSettings(
      String host,
      int port,
      Set<String> allowedHosts,
      Set<String> allowedOrigins,
      HttpPolicy policy) {
    this(host, port, allowedHosts, allowedOrigins, policy, Optional.empty(), Optional.empty());
  }

  /// The same with health and metrics at a place of their own.
  public HttpSettings managedAt(Place place) {
    return new HttpSettings(
        host, port, allowedHosts, allowedOrigins, policy, Optional.of(place), tls);
  }

  /// The same over TLS.
  public HttpSettings over(TlsSettings files) {
    return new HttpSettings(
        host, port, allowedHosts, allowedOrigins, policy, management, Optional.of(files));
  }

  /// The scheme of its URLs.
  public String scheme() {
    return tls.isPresent() ? "https" : "http";
  }

  /// The URL of MCP at this host.
  ///
  /// @param authority a name or address, IPv6 in brackets
  public String url(String authority) {
    return scheme() + "://" + authority + ":" + port + McpEndpoint.PATH;
  }

  /// The URL for clients on this machine. "All addresses" has no host to type of its own.
  public String localUrl() {
    return url(reachable(host));
  }

  /// A host to type for an address that is listened on.
  public static String reachable(String host) {
    if (host.equals("localhost") || host.equals("0.0.0.0") || host.equals("::")) {
      return "127.0.0.1";
    }
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /// The same on the ports themselves, where 0 was to be a free one.
  ///
  /// @throws PortTaken when a port is in use, better known before a database starts
  public HttpSettings found() {
    var here = at(Binding.of(host, port).port());
    return apart()
        .map(place ->
            here.managedAt(new Place(place.host, Binding.of(place.host, place.port).port())))
        .orElse(here);
  }

  /// Whether a free port is looked for, which somebody else may take before it is listened on.
  public boolean takesAnyPort() {
    return port == 0 || apart().filter(place -> place.port == 0).isPresent();
  }

  /// The place of health and metrics, if they have one of their own.
  Optional<Place> apart() {
    return management.filter(place -> port == 0 || !place.equals(new Place(host, port)));
  }

  /// Refuses what no header could say, before anything starts.
  ///
  /// @throws IllegalArgumentException naming the entry
  public static void requireNames(Set<String> hosts, Set<String> origins) {
    var _ = new OriginGuard(hosts, origins, false);
  }

  /// The same on another port, such as the free one that was found.
  public HttpSettings at(int otherPort) {
    return new HttpSettings(host, otherPort, allowedHosts, allowedOrigins, policy, management, tls);
  }
}
