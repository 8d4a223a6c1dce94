package trunkline.access.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What an issuer says of itself, as far as we ask: RFC 8414, or OpenID Connect Discovery 1.0.
///
/// @param keys where its public keys are
/// @param introspection where it is asked about tokens, if it says so
record ProviderMetadata(URI keys, Optional<URI> introspection) {
  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /// Asks for it at each place where it may be, in the order in which clients of MCP do.
  static ProviderMetadata discover(String issuer, ProviderLink link)
      throws ProviderAway, InterruptedException {
    var failures = new ArrayList<String>();
    for (var place : places(issuer)) {
      try {
        return read(issuer, link.get(place));
      } catch (ProviderAway e) {
        if (!e.hasAnswered()) {
          throw e;
        }
        failures.add(e.reason());
      }
    }
    throw ProviderAway.saying(String.join("; ", failures));
  }

  /// A path of the issuer stands behind the well-known one (RFC 8414, section 3.1) or, with OpenID
  /// Connect, before it.
  static List<URI> places(String issuer) {
    var url = URI.create(issuer);
    var path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
    var origin = url.getScheme() + "://" + url.getRawAuthority();
    var places = new LinkedHashSet<URI>();
    places.add(URI.create(origin + OAUTH + path));
    places.add(URI.create(origin + OPENID + path));
    places.add(URI.create(origin + path + OPENID));
    return List.copyOf(places);
  }

  static ProviderMetadata read(String issuer, ObjectNode document) throws ProviderAway {
    if (!document.path("issuer").asString("").equals(issuer)) {
      throw ProviderAway.saying("the metadata is of another issuer than " + issuer);
    }
    var keys =
        link(issuer, document, "jwks_uri")
            .orElseThrow(() -> ProviderAway.saying("the metadata names no usable jwks_uri"));
    return new ProviderMetadata(keys, link(issuer, document, "introspection_endpoint"));
  }

  private static Optional<URI> link(String issuer, ObjectNode document, String name) {
    try {
      var link = new URI(document.path(name).asString(""));
      return isTrustworthy(link) || isPlain(issuer, link) ? Optional.of(link) : Optional.empty();
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /// A provider on this machine may lead to itself.
  private static boolean isPlain(String issuer, URI link) {
    return issuer.startsWith("http:")
        && "http".equals(link.getScheme())
        && String.valueOf(link.getHost()).equals(URI.create(issuer).getHost());
  }

  /// Whether nobody on the way can change what it answers: https, or a place on this machine.
  static boolean isTrustworthy(URI url) {
    var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    var host = url.getHost();
    return host != null
        && (scheme.equals("https") || (scheme.equals("http") && LOOPBACK.contains(host)));
  }
}
