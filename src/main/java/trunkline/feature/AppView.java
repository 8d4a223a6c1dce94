package trunkline.feature;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// What a page that clients show in a sandbox may do there (MCP Apps, 2026-01-26): it reaches
/// nothing but the server's tools and resources, through its client, unless it is said here. Given
/// to [Resource#app].
///
/// ```java
/// AppView.PLAIN.connectingTo("https://api.shop.example").bordered(true)
/// ```
///
/// @param connectDomains origins that its scripts may ask
/// @param resourceDomains origins that scripts, styles, images, fonts and media may come from
/// @param frameDomains origins that it may frame
/// @param baseUriDomains origins that may be the base of its addresses
/// @param domain the origin that it wants for its own, in the form of the one client that it is for
/// @param prefersBorder null: the client decides
public record AppView(
    List<String> connectDomains,
    List<String> resourceDomains,
    List<String> frameDomains,
    List<String> baseUriDomains,
    Set<Permission> permissions,
    @Nullable String domain,
    @Nullable Boolean prefersBorder) {
  /// The type of such a page.
  public static final String MIME_TYPE = "text/html;profile=mcp-app";

  /// The beginning of such a page's URI.
  public static final String SCHEME = "ui://";

  /// The extension's name, by which client and server say that they know it.
  public static final String EXTENSION = "io.modelcontextprotocol/ui";

  /// Needs nothing.
  public static final AppView PLAIN =
      new AppView(List.of(), List.of(), List.of(), List.of(), Set.of(), null, null);

  public AppView {
    connectDomains = List.copyOf(connectDomains);
    resourceDomains = List.copyOf(resourceDomains);
    frameDomains = List.copyOf(frameDomains);
    baseUriDomains = List.copyOf(baseUriDomains);
    permissions = Set.copyOf(permissions);
  }

  /// What a browser asks its user for. A client may refuse it, so the page has to do without.
  public enum Permission {
    CAMERA("camera"),
    MICROPHONE("microphone"),
    GEOLOCATION("geolocation"),
    CLIPBOARD_WRITE("clipboardWrite");

    private final String key;

    Permission(String key) {
      this.key = key;
    }
  }

  public AppView connectingTo(String... origins) {
    return new AppView(
        List.of(origins),
        resourceDomains,
        frameDomains,
        baseUriDomains,
        permissions,
        domain,
        prefersBorder);
  }

  public AppView loadingFrom(String... origins) {
    return new AppView(
        connectDomains,
        List.of(origins),
        frameDomains,
        baseUriDomains,
        permissions,
        domain,
        prefersBorder);
  }

  public AppView framing(String... origins) {
    return new AppView(
        connectDomains,
        resourceDomains,
        List.of(origins),
        baseUriDomains,
        permissions,
        domain,
        prefersBorder);
  }

  public AppView asking(Permission... wanted) {
    return new AppView(
        connectDomains,
        resourceDomains,
        frameDomains,
        baseUriDomains,
        Set.of(wanted),
        domain,
        prefersBorder);
  }

  public AppView bordered(boolean border) {
    return new AppView(
        connectDomains, resourceDomains, frameDomains, baseUriDomains, permissions, domain, border);
  }

  /// As `ui` in `_meta` of the page; empty where nothing is said.
  ObjectNode json() {
    var ui = Codec.object();
    var csp = Codec.object();
    put(csp, "connectDomains", connectDomains);
    put(csp, "resourceDomains", resourceDomains);
    put(csp, "frameDomains", frameDomains);
    put(csp, "baseUriDomains", baseUriDomains);
    if (!csp.isEmpty()) {
      ui.set("csp", csp);
    }
    if (!permissions.isEmpty()) {
      var wanted = ui.putObject("permissions");
      EnumSet.copyOf(permissions).forEach(permission -> wanted.putObject(permission.key));
    }
    if (domain != null) {
      ui.put("domain", domain);
    }
    if (prefersBorder != null) {
      ui.put("prefersBorder", prefersBorder);
    }
    return ui;
  }

  private static void put(ObjectNode json, String name, List<String> origins) {
    if (!origins.isEmpty()) {
      var array = json.putArray(name);
      origins.forEach(array::add);
    }
  }
}
