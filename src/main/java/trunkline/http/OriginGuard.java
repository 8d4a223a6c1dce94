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
///
/// A port that is left out is that of the scheme: an origin says its own, and over TLS `Host` means
/// 443. Without TLS it may mean either, since a proxy may have taken TLS off.
final class OriginGuard {
  private static final String ANY = "*";
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";

  private final boolean anyHost;
  private final boolean anyOrigin;
  private final List<HostPort> hosts;
  private final Set<String> origins;
  private final boolean secure;

  /// @param secure whether the listener speaks TLS
  OriginGuard(Set<String> allowedHosts, Set<String> allowedOrigins, boolean secure) {
    this.secure = secure;
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
    if (!anyHost && host.filter(this::isServed).isEmpty()) {
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
    var origin = canonical(header);
    if (origins.contains(origin)) {
      return true;
    }
    if (origin.startsWith(HTTPS)) {
      return isAllowed(origin.substring(HTTPS.length()), HostPort.HTTPS_PORT);
    }
    return origin.startsWith(HTTP) // "null" and the like: a page that hides where it is from
        && isAllowed(origin.substring(HTTP.length()), HostPort.HTTP_PORT);
  }

  private boolean isAllowed(String authority, int usualPort) {
    return HostPort.parse(authority)
        .map(host -> host.or(usualPort))
        .filter(this::isAllowed)
        .isPresent();
  }

  private boolean isServed(HostPort host) {
    return isAllowed(host.or(HostPort.HTTPS_PORT))
        || (!secure && isAllowed(host.or(HostPort.HTTP_PORT)));
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
    var origin = canonical(entry);
    if (!origin.matches("[a-z][a-z0-9+.-]*://[^/?#\\s]+")) {
      throw new IllegalArgumentException(
          "an allowed origin is https://name[:port] or *, not " + entry);
    }
    return origin;
  }

  /// In lower case, and without the port that its scheme has anyhow.
  private static String canonical(String origin) {
    var text = origin.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith(HTTPS) && text.endsWith(":443")) {
      return text.substring(0, text.length() - ":443".length());
    }
    return text.startsWith(HTTP) && text.endsWith(":80")
        ? text.substring(0, text.length() - ":80".length())
        : text;
  }
}
