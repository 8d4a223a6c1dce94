package trunkline.access.oauth;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;
import trunkline.access.Challenges;
import trunkline.jsonrpc.Codec;

/// What clients are told of this server so that they find out by themselves how to get in: its
/// metadata (RFC 9728) and the challenges that lead there (RFC 6750).
///
/// @param url under which clients reach it: `https://mcp.example/mcp`
/// @param issuers whose tokens it takes, as they spell themselves
/// @param scopes that every request needs
public record ProtectedResource(URI url, List<String> issuers, List<String> scopes)
    implements Challenges {
  static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  /// Where MCP is served here; a proxy may show it under another path.
  private static final String SERVED = "/mcp";

  /// A scope's name (RFC 6749, section 3.3).
  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");

  /// Asks for a refresh token, which is between client and issuer (MCP, authorization).
  private static final String OFFLINE = "offline_access";

  public ProtectedResource {
    issuers = List.copyOf(issuers);
    scopes = List.copyOf(scopes);
    if (issuers.isEmpty()) {
      throw new IllegalArgumentException("somebody issues the tokens");
    }
    requireIssuers(issuers);
    requireScopes(scopes);
    var path = url.getRawPath();
    if (url.getHost() == null
        || url.getRawQuery() != null
        || url.getRawFragment() != null
        || url.getRawUserInfo() != null
        || path == null
        || (path.endsWith("/") && path.length() > 1)) {
      throw new IllegalArgumentException(
          "the public URL is as clients type it: https://mcp.example/mcp, not " + url);
    }
  }

  /// Refuses what is no issuer whose words could be trusted.
  ///
  /// @throws IllegalArgumentException naming the entry
  public static void requireIssuers(List<String> issuers) {
    issuers.forEach(ProtectedResource::requireIssuer);
  }

  /// Whether nobody on the way can read or change what is said there.
  public static boolean isTrustworthy(URI url) {
    return ProviderMetadata.isTrustworthy(url);
  }

  /// Refuses what no client should be told to ask for.
  ///
  /// @throws IllegalArgumentException naming the entry
  public static void requireScopes(List<String> scopes) {
    for (var scope : scopes) {
      if (!SCOPE.matcher(scope).matches() || scope.equals(OFFLINE)) {
        throw new IllegalArgumentException("a server asks for no scope " + scope);
      }
    }
  }

  private static void requireIssuer(String issuer) {
    var url = URI.create(issuer);
    if (url.getRawQuery() != null
        || url.getRawFragment() != null
        || url.getRawUserInfo() != null
        || issuer.length() > 300
        || !ProviderMetadata.isTrustworthy(url)) {
      throw new IllegalArgumentException(
          "an issuer is an https URL without query, as it spells itself (http on this machine only),"
              + " not "
              + issuer);
    }
  }

  /// The paths at which the metadata is served: the plain one, that of where MCP is served, and
  /// that of where clients see it.
  List<String> paths() {
    var paths = new TreeSet<>(List.of(WELL_KNOWN, WELL_KNOWN + SERVED));
    paths.add(WELL_KNOWN + path());
    return List.copyOf(paths);
  }

  /// The metadata of this server. Its toolsets are the same resource: they take the same tokens.
  private ObjectNode metadata() {
    var json = Codec.object().put("resource", url.toString());
    issuers.forEach(json.putArray("authorization_servers")::add);
    if (!scopes.isEmpty()) {
      scopes.forEach(json.putArray("scopes_supported")::add);
    }
    json.putArray("bearer_methods_supported").add("header");
    return json;
  }

  private String path() {
    return url.getRawPath().equals("/") ? "" : url.getRawPath();
  }

  private URI metadataUrl() {
    return URI.create(url.getScheme() + "://" + url.getRawAuthority() + WELL_KNOWN + path());
  }

  @Override
  public Map<String, ObjectNode> documents() {
    var documents = new HashMap<String, ObjectNode>();
    for (var path : paths()) {
      documents.put(path, metadata());
    }
    return documents;
  }

  @Override
  public String missing() {
    return "Bearer " + whereAndWhat(scopes);
  }

  @Override
  public String invalid(String reason) {
    return "Bearer error=\"invalid_token\", error_description=\""
        + quotable(reason)
        + "\", "
        + whereAndWhat(scopes);
  }

  /// @param needed all that the request needs besides what every request does
  @Override
  public String insufficient(List<String> needed) {
    var all = new TreeSet<>(scopes);
    all.addAll(needed);
    return "Bearer error=\"insufficient_scope\", "
        + "error_description=\"the token lacks a scope that this needs\", "
        + whereAndWhat(List.copyOf(all));
  }

  private String whereAndWhat(List<String> needed) {
    var where = "resource_metadata=\"" + metadataUrl() + "\"";
    return needed.isEmpty() ? where : where + ", scope=\"" + String.join(" ", needed) + "\"";
  }

  private static String quotable(String reason) {
    return reason.replaceAll("[^\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]", "'");
  }
}
