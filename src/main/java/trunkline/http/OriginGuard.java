package trunkline.http;

import io.helidon.http.Status;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Protects a server on a private machine or network from web pages: a page may make a browser send
/// requests here (then `Origin` names the page), or point its own name at our address (DNS
/// rebinding: then `Host` is the page's name).
///
/// Loopback names with any port always pass. Requests without `Origin` do not come from a page and
/// pass. An origin passes when it is listed, or when its host would pass as `Host`.
final class OriginGuard {
  private static final String ANY = "*";

  private final boolean anyHost;
  private final boolean anyOrigin;
  private final List<HostPort> hosts;
  private final Set<String> origins;

  OriginGuard(Set<String> allowedHosts, Set<String> allowedOrigins) {
    this.anyHost = allowedHosts.contains(ANY);
    this.anyOrigin = allowedOrigins.contains(ANY);
    this.hosts =
        allowedHosts.stream().filter(host -> !host.equals(ANY)).map(OriginGuard::host).toList();
    this.origins = new HashSet<>();
    for (var origin : allowedOrigins) {
      if (!origin.equals(ANY)) {
        origins.add(origin(origin));
      }
    }
  }

  void checkHost(Optional<String> header) {
    var host = header.flatMap(HostPort::parse);
    if (!anyHost && host.filter(this::isAllowed).isEmpty()) {
      throw new HttpProblem(
          HttpProblem.MISDIRECTED, "this host name is not served here (--allowed-hosts)");
    }
  }

  void checkOrigin(List<String> headers) {
    if (!anyOrigin && !headers.stream().allMatch(this::isAllowedOrigin)) {
      throw new HttpProblem(
          Status.FORBIDDEN_403, "this origin may not use this server (--allowed-origins)");
    }
  }

  private boolean isAllowedOrigin(String header) {
    var origin = header.strip().toLowerCase(Locale.ROOT);
    if (origins.contains(origin)) {
      return true;
    }
    var scheme = origin.indexOf("://");
    if (scheme < 0 || !(origin.startsWith("http://") || origin.startsWith("https://"))) {
      return false; // "null" and the like: a page that hides where it is from
    }
    return HostPort.parse(origin.substring(scheme + 3)).filter(this::isAllowed).isPresent();
  }

  private boolean isAllowed(HostPort host) {
    return host.isLoopback() || hosts.stream().anyMatch(host::isCoveredBy);
  }

  private static HostPort host(String entry) {
    return HostPort.parse(entry)
        .orElseThrow(() ->
            new IllegalArgumentException("an allowed host is name[:port] or *, not " + entry));
  }

  private static String origin(String entry) {
    var origin = entry.strip().toLowerCase(Locale.ROOT);
    if (!origin.matches("[a-z][a-z0-9+.-]*://[^/?#\\s]+")) {
      throw new IllegalArgumentException(
          "an allowed origin is https://name[:port] or *, not " + entry);
    }
    return origin;
  }
}
