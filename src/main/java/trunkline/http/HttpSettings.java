package trunkline.http;

import java.util.Set;

/// The address, and accepted names.
///
/// @param host an address or name; `127.0.0.1` and `localhost` mean both loopback addresses
/// @param port 0 takes a free one, the same on both loopback addresses
/// @param allowedHosts accepted in `Host` besides the loopback names: `name` (any port),
///   `name:port`, or `*`; root adds the advertised host
/// @param allowedOrigins accepted in `Origin` besides those on loopback and allowed hosts:
///   `https://name[:port]`, or `*`
public record HttpSettings(
    String host,
    int port,
    Set<String> allowedHosts,
    Set<String> allowedOrigins,
    HttpPolicy policy) {
  public HttpSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
    }
    allowedHosts = Set.copyOf(allowedHosts);
    allowedOrigins = Set.copyOf(allowedOrigins);
  }

  /// Refuses what no header could say, before anything starts.
  ///
  /// @throws IllegalArgumentException naming the entry
  public static void requireNames(Set<String> hosts, Set<String> origins) {
    var _ = new OriginGuard(hosts, origins);
  }

  /// The same on another port, such as the free one that was found.
  public HttpSettings at(int otherPort) {
    return new HttpSettings(host, otherPort, allowedHosts, allowedOrigins, policy);
  }
}
