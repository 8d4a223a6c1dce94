package trunkline.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// What anybody may read, with or without credentials and from any page: where tokens are to be had
/// (RFC 9728, section 3). It is the same for all, so that it needs no guard.
final class PublicDocuments {
  private static final HeaderName ALLOW_ORIGIN = HeaderNames.create("Access-Control-Allow-Origin");
  private static final HeaderName ALLOW_METHODS =
      HeaderNames.create("Access-Control-Allow-Methods");
  private static final HeaderName ALLOW_HEADERS =
      HeaderNames.create("Access-Control-Allow-Headers");

  private static final String ALLOW = "GET, OPTIONS";

  /// Clients say their revision here, too.
  private static final String HEADERS = "Accept, Content-Type, MCP-Protocol-Version";

  private final Map<String, byte[]> documents;

  private PublicDocuments(Map<String, byte[]> documents) {
    this.documents = documents;
  }

  /// @param documents by their paths
  static PublicDocuments of(Map<String, ObjectNode> documents) {
    return new PublicDocuments(
        documents.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    document -> Codec.text(document.getValue()).getBytes(StandardCharsets.UTF_8))));
  }

  Map<String, RootHandler.Route> routes() {
    var routes = new HashMap<String, RootHandler.Route>();
    documents.forEach((path, document) -> {
      RootHandler.Route route = exchange -> send(exchange, document);
      routes.put(path, route);
      routes.put(path + "/", route);
    });
    return routes;
  }

  private static void send(HttpExchange exchange, byte[] document) {
    var response = exchange.response();
    response.header(ALLOW_ORIGIN, "*");
    switch (exchange.method()) {
      case "GET" -> {
        response.header("Cache-Control", "public, max-age=60");
        exchange.send(Status.OK_200, HttpExchange.JSON, document);
      }
      case "OPTIONS" -> {
        response.header(ALLOW_METHODS, "GET");
        response.header(ALLOW_HEADERS, HEADERS);
        exchange.sendEmpty(Status.NO_CONTENT_204);
      }
      default ->
          throw new HttpProblem(
              Status.METHOD_NOT_ALLOWED_405, "only GET is answered here", Map.of("Allow", ALLOW));
    }
  }
}
