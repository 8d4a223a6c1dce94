package trunkline.welcome;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import trunkline.feature.Implementation;
import trunkline.http.Pages;
import trunkline.page.Assets;
import trunkline.page.PlainText;
import trunkline.page.Templates;
import trunkline.protocol.method.Listed;
import trunkline.protocol.method.Methods;
import trunkline.protocol.method.Toolsets;
import trunkline.session.Principal;
import trunkline.session.Sender;

/// The page of the server for whoever opens its address in a browser, at [#PATH].
public final class Welcome implements Pages {
  public static final String PATH = "/";

  /// Where its style sheets are.
  public static final String ASSETS_PATH = "/welcome/";

  private static final Assets ASSETS =
      new Assets(Map.of("welcome.css", "/trunkline/welcome/welcome.css", "pico.css", Assets.PICO));

  /// Of a `Host` header that can stand in a URL, and on a command line. The guard has let others
  /// pass where any host is allowed.
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?");

  private static final Pattern HOST_OF_IPV6 =
      Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}](:[0-9]{1,5})?");

  private static final int NAME_MAX = 200;

  private final Toolsets toolsets;
  private final Admission admission;
  private final Optional<URI> publicUrl;
  private final URI localUrl;

  /// Who is let in.
  ///
  /// @param anybody whether nobody is asked for credentials
  /// @param givenTokens whether a token that somebody was given is taken
  public record Admission(boolean anybody, boolean givenTokens) {}

  /// @param toolsets what is served
  /// @param publicUrl under which clients reach the server, if somebody said it
  /// @param localUrl for clients on this machine
  public Welcome(Toolsets toolsets, Admission admission, Optional<URI> publicUrl, String localUrl) {
    this.toolsets = toolsets;
    this.admission = admission;
    this.publicUrl = publicUrl;
    this.localUrl = URI.create(localUrl);
  }

  /// By path.
  public Map<String, Pages> pages() {
    return Map.of(PATH, this, ASSETS_PATH, Welcome::asset);
  }

  @Override
  public boolean isForBrowsersAlone() {
    return true;
  }

  @Override
  public Page page(Visit visit) {
    var toolset = visit.query().getOrDefault("toolset", "");
    if (toolset.isEmpty()) {
      return page(visit, toolsets.whole(), "");
    }
    var part = admission.anybody() ? toolsets.parts().get(toolset) : null;
    return part == null ? missing("there is no such toolset") : page(visit, part, toolset);
  }

  private Page page(Visit visit, Methods methods, String toolset) {
    var url = url(visit, toolset);
    var front = front(methods, url);
    return new Page(
        200, Assets.HTML, Map.of(), Templates.render("welcome/front.jte", Map.of("front", front)));
  }

  /// What nobody would tell a stranger over MCP is not asked for here: where there are credentials,
  /// it is not even read.
  private Front front(Methods methods, URI url) {
    var server = methods.identity().server();
    var listed =
        admission.anybody()
            ? methods.listedFor(new Sender(Principal.ANONYMOUS))
            : new Listed(List.of(), List.of(), List.of(), List.of());
    return new Front(
        PlainText.line(server.title() == null ? server.name() : server.title(), NAME_MAX),
        admission.anybody() ? about(server) : Optional.empty(),
        Optional.ofNullable(server.websiteUrl()).filter(Welcome::isWebAddress),
        url.toString(),
        admission,
        ShownTool.of(listed),
        Named.prompts(listed),
        Named.resources(listed),
        new Connecting(server.name(), url, admission.givenTokens()).ways());
  }

  private static Optional<Front.About> about(Implementation server) {
    return Optional.of(
        new Front.About(
            PlainText.line(server.name(), NAME_MAX),
            PlainText.line(server.version(), NAME_MAX),
            PlainText.lines(server.description() == null ? "" : server.description())));
  }

  /// A link of it must not run anything.
  private static boolean isWebAddress(String url) {
    var lower = url.toLowerCase(Locale.ROOT);
    return lower.startsWith("https://") || lower.startsWith("http://");
  }

  private URI url(Visit visit, String toolset) {
    var whole = publicUrl.orElseGet(() -> typed(visit)).toString();
    return URI.create(
        toolset.isEmpty() ? whole : (whole.endsWith("/") ? whole : whole + "/") + toolset);
  }

  /// As the visitor has typed it.
  private URI typed(Visit visit) {
    var hosts = visit.headers().apply("Host");
    if (hosts.size() != 1) {
      return localUrl;
    }
    var host = hosts.getFirst().strip();
    return HOST.matcher(host).matches() || HOST_OF_IPV6.matcher(host).matches()
        ? URI.create(localUrl.getScheme() + "://" + host + localUrl.getRawPath())
        : localUrl;
  }

  private static Page asset(Visit visit) {
    var path = visit.path();
    var name = path.startsWith(ASSETS_PATH) ? path.substring(ASSETS_PATH.length()) : "";
    return ASSETS.find(name).orElseGet(() -> missing("the page loads nothing of this name"));
  }

  private static Page missing(String what) {
    return new Page(404, Assets.TEXT, Map.of(), (what + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
