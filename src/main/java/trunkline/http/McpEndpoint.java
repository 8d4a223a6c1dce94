package trunkline.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import trunkline.access.Authenticator;
import trunkline.access.CredentialKind;
import trunkline.audit.Denials;
import trunkline.protocol.Gateway;
import trunkline.protocol.McpHeaders;
import trunkline.protocol.Reply;
import trunkline.session.Sender;
import trunkline.stream.ClientGone;
import trunkline.tls.TlsFiles;

/// `/mcp`: guards, then one call of the [Gateway], then its reply.
///
/// The order of the guards is the order in which a stranger may learn things: host and origin, who
/// it is, method, then what it sent.
final class McpEndpoint {
  static final String PATH = "/mcp";

  private static final HeaderName METHOD = HeaderNames.create("Mcp-Method");

  /// Begins a stream that lasts, as a GET does. The gateway refuses it without the header that says
  /// so, whatever is in its body.
  private static final String LISTEN = "subscriptions/listen";

  /// What is wrong with them is no reason to refuse a request (W3C Trace Context).
  private static final Set<String> TRACED = Set.of("traceparent", "tracestate", "baggage");

  static final String BELOW = PATH + "/";

  private final OriginGuard guard;
  private final Authenticator authenticator;
  private final Gateway gateway;
  private final Set<String> shownHeaders;
  private final Replies replies;
  private final OpenStreams streams;
  private final Denials denials;
  private final Optional<TlsFiles> tls;

  /// @param shownHeaders to handlers, in lower case
  /// @param tls the files of the listener, empty without TLS
  McpEndpoint(
      OriginGuard guard,
      Authenticator authenticator,
      Gateway gateway,
      Set<String> shownHeaders,
      Replies replies,
      OpenStreams streams,
      Denials denials,
      Optional<TlsFiles> tls) {
    this.guard = guard;
    this.authenticator = authenticator;
    this.gateway = gateway;
    this.shownHeaders = shownHeaders;
    this.replies = replies;
    this.streams = streams;
    this.denials = denials;
    this.tls = tls;
  }

  /// What ends with a slash is also for all that is below it: each toolset has a path there.
  Map<String, RootHandler.Route> routes() {
    return Map.of(PATH, this::handle, BELOW, this::handle);
  }

  /// The part of the catalog that is asked for by the path, or where that is the whole's by the
  /// query. Whoever asks is known by then; what there is besides is not said.
  private Gateway gateway(HttpExchange exchange) {
    var path = exchange.request().path().path();
    var named = path.startsWith(BELOW) ? path.substring(BELOW.length()) : "";
    var name =
        named.length() > 1 && named.endsWith("/") ? named.substring(0, named.length() - 1) : named;
    var query = exchange.request().query();
    var asked = query.isEmpty() ? name : query.first("toolset").orElse(name);
    if (!name.isEmpty() && !name.equals(asked)) {
      throw new HttpProblem(
          Status.BAD_REQUEST_400, "the path is another toolset's than ?toolset names");
    }
    return asked.isEmpty()
        ? gateway
        : gateway
            .toolset(asked)
            .orElseThrow(() -> new HttpProblem(Status.NOT_FOUND_404, "there is no such toolset"));
  }

  private void handle(HttpExchange exchange) throws InterruptedException {
    guard.checkHost(exchange.header(HeaderNames.HOST));
    guard.checkOrigin(exchange.headers(HeaderNames.ORIGIN));
    Cors.expose(exchange.request(), exchange.response());
    if (exchange.method().equals("OPTIONS") && Cors.isPreflight(exchange.request())) {
      Cors.answerPreflight(exchange, shownHeaders);
      return;
    }
    var known = authenticate(exchange);
    try {
      handle(exchange, known);
    } catch (ClientGone e) { // before anything was answered, what let it in was over
      var _ = authenticate(exchange);
      throw new HttpProblem(
          Status.SERVICE_UNAVAILABLE_503,
          "the credentials could not be judged in time",
          Map.of("Retry-After", Replies.retryAfter()));
    }
  }

  private void handle(HttpExchange exchange, Authenticator.Verdict.Known known)
      throws InterruptedException {
    var principal = known.principal();
    var served = gateway(exchange);
    switch (exchange.method()) {
      case "POST" -> post(exchange, served, known);
      case "GET" -> {
        AcceptHeader.requireEvents(exchange.headers(HeaderNames.ACCEPT));
        get(exchange, served, known);
      }
      case "DELETE" ->
          replies.send(exchange, served.delete(principal, headers(exchange)), known.standing());
      default ->
          throw new HttpProblem(
              Status.METHOD_NOT_ALLOWED_405,
              "this method is not for MCP",
              Map.of("Allow", Replies.ALLOW));
    }
  }

  /// Its place among the streams is its own until the end, which comes long after this.
  private void get(HttpExchange exchange, Gateway served, Authenticator.Verdict.Known known)
      throws InterruptedException {
    var place = streams.take();
    var goesOn = false;
    try {
      replies.send(exchange, served.get(known.principal(), headers(exchange)), known.standing());
    } catch (LongAnswer.Begun begun) {
      goesOn = true;
      throw begun.until(place::close);
    } finally {
      if (!goesOn) {
        place.close();
      }
    }
  }

  private void post(HttpExchange exchange, Gateway served, Authenticator.Verdict.Known known)
      throws InterruptedException {
    requireJson(exchange);
    requirePlain(exchange.headers(HeaderNames.CONTENT_ENCODING));
    var accepted = AcceptHeader.ofPost(exchange.headers(HeaderNames.ACCEPT));
    if (exchange.header(METHOD).orElse("").strip().equals(LISTEN)) {
      AcceptHeader.requireEvents(exchange.headers(HeaderNames.ACCEPT));
      try (var _ = streams.takeListen()) {
        replies.send(exchange, reply(exchange, served, known), accepted, known.standing());
      }
    } else {
      replies.send(exchange, reply(exchange, served, known), accepted, known.standing());
    }
  }

  /// The body is known here only: a stream that begins may last for days.
  private Reply reply(HttpExchange exchange, Gateway served, Authenticator.Verdict.Known known)
      throws InterruptedException {
    var sender = new Sender(known.principal(), known.claims(), known.credential(), shown(exchange));
    return served.post(sender, headers(exchange), exchange.readBody());
  }

  private static void requirePlain(List<String> encodings) {
    for (var encoding : encodings) {
      if (!encoding.strip().equalsIgnoreCase("identity")) {
        throw new HttpProblem(
            Status.UNSUPPORTED_MEDIA_TYPE_415,
            "a body is sent as it is: no Content-Encoding but identity",
            Map.of("Accept-Encoding", "identity"));
      }
    }
  }

  private Authenticator.Verdict.Known authenticate(HttpExchange exchange) {
    // As good as none it would leave the word to the certificate or header of who hands it on.
    if (exchange.headers(HeaderNames.AUTHORIZATION).size() > 1) {
      throw denied(
          exchange, new HttpProblem(Status.BAD_REQUEST_400, "duplicate header Authorization"));
    }
    var certificate = tls.flatMap(exchange::certificate);
    var credentials = new Authenticator.Credentials(exchange.peer(), exchange::header, certificate);
    return switch (authenticator.judge(credentials)) {
      case Authenticator.Verdict.Known known -> known;
      case Authenticator.Verdict.Unknown(var reason, var challenge) ->
          throw denied(
              exchange,
              new HttpProblem(
                  Status.UNAUTHORIZED_401, reason, Map.of("WWW-Authenticate", challenge)));
      case Authenticator.Verdict.Forbidden(var reason) ->
          throw denied(exchange, new HttpProblem(Status.FORBIDDEN_403, reason));
      case Authenticator.Verdict.Lacking(var scopes) ->
          throw denied(
              exchange,
              new HttpProblem(
                  Status.FORBIDDEN_403,
                  "the token lacks a scope that every request needs",
                  Map.of("WWW-Authenticate", authenticator.insufficient(scopes))));
      case Authenticator.Verdict.Unavailable(var reason) ->
          throw denied(
              exchange,
              new HttpProblem(
                  Status.SERVICE_UNAVAILABLE_503,
                  reason,
                  Map.of("Retry-After", Replies.retryAfter())));
    };
  }

  private HttpProblem denied(HttpExchange exchange, HttpProblem problem) {
    denials.denied(
        exchange.peer(),
        CredentialKind.of(exchange.header(HeaderNames.AUTHORIZATION)),
        exchange.method(),
        problem.status().code());
    return problem;
  }

  private static void requireJson(HttpExchange exchange) {
    var type = exchange.header(HeaderNames.CONTENT_TYPE).orElse("");
    if (!type.equals(HttpExchange.JSON) && !isJson(type.toLowerCase(Locale.ROOT))) {
      throw new HttpProblem(
          Status.UNSUPPORTED_MEDIA_TYPE_415, "Content-Type is application/json, in UTF-8");
    }
  }

  /// Lenient with parameters, but JSON is always UTF-8.
  private static boolean isJson(String type) {
    var parts = type.split(";", -1);
    for (var parameter : parts) {
      var plain = parameter.replaceAll("[\\s\"]", "");
      if (plain.startsWith("charset=") && !plain.matches("charset=utf-?8")) {
        return false;
      }
    }
    return parts[0].strip().equals("application/json");
  }

  private Map<String, String> shown(HttpExchange exchange) {
    if (shownHeaders.isEmpty()) {
      return Map.of();
    }
    Map<String, String> shown = new HashMap<>();
    for (var name : shownHeaders) {
      var values = exchange.headers(name);
      if (!values.isEmpty()) {
        shown.put(name, String.join(", ", values));
      }
    }
    return shown;
  }

  private static McpHeaders headers(HttpExchange exchange) {
    Map<String, String> found = new HashMap<>();
    for (var header : exchange.request().headers()) {
      var name = header.headerName().lowerCase();
      if (TRACED.contains(name)) {
        found.put(name, String.join(",", header.allValues())); // W3C: tracestate may come in parts
      } else if (name.startsWith("mcp-") || name.equals("last-event-id")) {
        if (header.valueCount() != 1) {
          throw new HttpProblem(Status.BAD_REQUEST_400, "duplicate header " + header.name());
        }
        var value = header.get().strip();
        if (!value.isEmpty() || isMirrored(name)) { // some clients send what they don't have
          found.put(name, value);
        }
      }
    }
    return new McpHeaders(found, exchange.arrival());
  }

  /// What it mirrors may be empty.
  private static boolean isMirrored(String name) {
    return name.equals("mcp-name") || name.startsWith("mcp-param-");
  }
}
