package trunkline.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The headers that let a page, whose origin [OriginGuard] has passed, read our answers.
final class Cors {
  private static final HeaderName REQUESTED_METHOD =
      HeaderNames.create("Access-Control-Request-Method");
  private static final HeaderName REQUESTED_HEADERS =
      HeaderNames.create("Access-Control-Request-Headers");
  private static final HeaderName ALLOW_ORIGIN = HeaderNames.create("Access-Control-Allow-Origin");
  private static final HeaderName ALLOW_METHODS =
      HeaderNames.create("Access-Control-Allow-Methods");
  private static final HeaderName ALLOW_HEADERS =
      HeaderNames.create("Access-Control-Allow-Headers");
  private static final HeaderName EXPOSE = HeaderNames.create("Access-Control-Expose-Headers");
  private static final HeaderName MAX_AGE = HeaderNames.create("Access-Control-Max-Age");

  /// Browser clients of the stateless era fall back to the stateful one when a name is missing.
  private static final String HEADERS =
      "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name,"
          + " Mcp-Session-Id, Last-Event-ID, traceparent, tracestate, baggage";

  private static final Pattern PARAMETER_HEADER = Pattern.compile("mcp-param-[a-z0-9._-]{1,64}");

  private Cors() {}

  static boolean isPreflight(ServerRequest request) {
    return request.headers().contains(HeaderNames.ORIGIN)
        && request.headers().contains(REQUESTED_METHOD);
  }

  static void expose(ServerRequest request, ServerResponse response) {
    var headers = request.headers();
    if (headers.contains(HeaderNames.ORIGIN)) {
      response.header(ALLOW_ORIGIN, headers.get(HeaderNames.ORIGIN).get());
      response.header(EXPOSE, "Mcp-Session-Id, WWW-Authenticate, Retry-After, Trunkline-Instance");
      response.header(HeaderNames.VARY, "Origin");
    }
  }

  /// @param shown to handlers, in lower case
  static void answerPreflight(HttpExchange exchange, Set<String> shown) {
    var response = exchange.response();
    response.header(ALLOW_METHODS, "GET, POST, DELETE");
    response.header(ALLOW_HEADERS, HEADERS + moreHeaders(exchange.request(), shown));
    response.header(MAX_AGE, "86400");
    exchange.sendEmpty(Status.NO_CONTENT_204);
  }

  /// Only the page knows the tool arguments that clients mirror into headers, and which of those
  /// that handlers see it sends.
  private static String moreHeaders(ServerRequest request, Set<String> shown) {
    var allowed = new StringBuilder();
    if (request.headers().contains(REQUESTED_HEADERS)) {
      for (var list : request.headers().get(REQUESTED_HEADERS).allValues()) {
        for (var name : list.split(",", 100)) {
          var header = name.strip().toLowerCase(Locale.ROOT);
          if (PARAMETER_HEADER.matcher(header).matches() || shown.contains(header)) {
            allowed.append(", ").append(header);
          }
        }
      }
    }
    return allowed.toString();
  }
}
