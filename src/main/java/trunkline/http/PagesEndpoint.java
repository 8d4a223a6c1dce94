package trunkline.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import trunkline.http.Pages.Visit;

/// What a browser gets: nothing of it runs but our own scripts, no frame holds it, nobody keeps it.
final class PagesEndpoint implements RootHandler.Route {
  /// No inline script and no inline style, whatever a name in a row says.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final Set<String> READS = Set.of("GET", "HEAD");

  private static final String FORM = "application/x-www-form-urlencoded";

  private final OriginGuard guard;
  private final Pages pages;

  PagesEndpoint(OriginGuard guard, Pages pages) {
    this.guard = guard;
    this.pages = pages;
  }

  /// @param pages by path; what is for all below a path is also at the path itself
  static Map<String, RootHandler.Route> routes(OriginGuard guard, Map<String, Pages> pages) {
    var routes = new HashMap<String, RootHandler.Route>();
    pages.forEach((path, at) -> {
      var endpoint = new PagesEndpoint(guard, at);
      routes.put(path, endpoint);
      if (path.length() > 1 && path.endsWith("/")) {
        routes.put(path.substring(0, path.length() - 1), endpoint);
      }
    });
    return routes;
  }

  @Override
  public boolean isThereFor(HttpExchange exchange) {
    return !pages.isForBrowsersAlone()
        || (READS.contains(exchange.method())
            && AcceptHeader.names(exchange.headers(HeaderNames.ACCEPT), "text/html"));
  }

  @Override
  public void handle(HttpExchange exchange) throws InterruptedException {
    guard.checkHost(exchange.header(HeaderNames.HOST));
    guard.checkOrigin(exchange.headers(HeaderNames.ORIGIN));
    var form =
        switch (exchange.method()) {
          case "GET", "HEAD" -> Map.<String, String>of();
          case "POST" -> form(exchange);
          default ->
              throw new HttpProblem(
                  Status.METHOD_NOT_ALLOWED_405,
                  "a page is read with GET, and an act is a POST",
                  Map.of("Allow", "GET, HEAD, POST"));
        };
    var path = exchange.request().path().path();
    var page =
        pages.page(
            new Visit(
                exchange.method(),
                path,
                fields(exchange.request().query().rawValue()),
                exchange::headers,
                exchange.peer(),
                form));
    var response = exchange.response();
    response.header("Content-Security-Policy", POLICY);
    response.header("X-Content-Type-Options", "nosniff");
    // Not no-referrer, with which a browser says that a form comes from nowhere (Origin: null).
    response.header("Referrer-Policy", "same-origin");
    response.header("Cross-Origin-Opener-Policy", "same-origin");
    if (pages.isForBrowsersAlone()) {
      response.header("Vary", "Accept");
    }
    if (!page.headers().containsKey("Cache-Control")) {
      response.header("Cache-Control", "no-store");
    }
    page.headers().forEach(response::header);
    exchange.send(Status.create(page.status()), page.type(), page.body());
  }

  private static Map<String, String> form(HttpExchange exchange) throws InterruptedException {
    var type = exchange.header(HeaderNames.CONTENT_TYPE).orElse("");
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase(FORM)) {
      throw new HttpProblem(Status.UNSUPPORTED_MEDIA_TYPE_415, "an act is sent as " + FORM);
    }
    return fields(new String(exchange.readBody(), StandardCharsets.UTF_8));
  }

  /// @throws HttpProblem for what is no encoding of a form
  private static Map<String, String> fields(String encoded) {
    var fields = new HashMap<String, String>();
    for (var pair : encoded.split("&", -1)) {
      var parts = pair.split("=", 2);
      if (!parts[0].isEmpty()) {
        fields.putIfAbsent(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
      }
    }
    return Map.copyOf(fields);
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new HttpProblem(Status.BAD_REQUEST_400, "a form's percent signs have two digits each");
    }
  }
}
