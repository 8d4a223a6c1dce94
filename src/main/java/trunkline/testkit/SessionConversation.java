package trunkline.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A session (2025-03-26 to 2025-11-25): opened once, questions come as requests on the streams,
/// and a stream that breaks is gone on with on the next instance.
final class SessionConversation implements Conversation {
  private static final String EVENTS = "text/event-stream";
  private static final byte[] NOTHING = new byte[0];

  private final RoundRobin http;
  private final Hearer hearer;
  private final String revision;
  private final AtomicLong nextId = new AtomicLong();
  private @Nullable String sessionId;
  private final Listening listening = new Listening();

  SessionConversation(RoundRobin http, Hearer hearer, String revision) throws InterruptedException {
    this.http = http;
    this.hearer = hearer;
    this.revision = revision;
    open();
  }

  private void open() throws InterruptedException {
    var params = Codec.object().put("protocolVersion", revision);
    params.set("capabilities", hearer.capabilities());
    params.set("clientInfo", Conversation.clientInfo());
    var response = post(Conversation.message("initialize", params).put("id", 0));
    var answer = Codec.tree(text(response));
    Conversation.result("initialize", answer);
    sessionId = response.headers().firstValue("Mcp-Session-Id").orElseThrow();
    say(Conversation.message("notifications/initialized", Codec.object()));
  }

  String sessionId() {
    return String.valueOf(sessionId);
  }

  @Override
  public JsonNode request(String method, ObjectNode params) throws InterruptedException {
    var id = nextId.incrementAndGet();
    var token = JsonNodeFactory.instance.numberNode(id);
    var filled = Conversation.withMeta(params, Map.of("progressToken", token));
    var response = post(Conversation.message(method, filled).put("id", id));
    return Conversation.result(method, answer(response, id));
  }

  /// The response with this id, wherever its stream goes on.
  private JsonNode answer(HttpResponse<InputStream> response, long id) throws InterruptedException {
    if (!isStream(response)) {
      return Codec.tree(text(response));
    }
    var events = new Events(response.body());
    var found = answer(events, id);
    while (found.isEmpty()) {
      events = resumed(events);
      found = answer(events, id);
    }
    return found.get();
  }

  private Optional<ObjectNode> answer(Events events, long id) throws InterruptedException {
    try (events) {
      for (var next = events.next(); next.isPresent(); next = events.next()) {
        var message = next.get();
        if (!message.has("method") && message.path("id").asLong(-1) == id) {
          return next;
        }
        take(message);
      }
      return Optional.empty();
    }
  }

  private Events resumed(Events broken) throws InterruptedException {
    var from = broken.lastEventId();
    if (from.isEmpty()) {
      throw new IllegalStateException("the stream ended without an answer and without an id");
    }
    return stream(from)
        .orElseThrow(() ->
            new IllegalStateException("the stream ended without an answer, after " + from.get()));
  }

  /// The standalone stream, or the rest of the one with this id.
  private Optional<Events> stream(Optional<String> lastEventId) throws InterruptedException {
    var headers = headers();
    headers.put("Accept", EVENTS);
    lastEventId.ifPresent(id -> headers.put("Last-Event-ID", id));
    var response = http.send("GET", NOTHING, headers);
    if (isStream(response)) {
      return Optional.of(new Events(response.body(), lastEventId));
    }
    requireServing(response);
    return Optional.empty();
  }

  /// @throws UncheckedIOException when another attempt may be answered better
  static void requireServing(HttpResponse<InputStream> response) {
    var body = text(response);
    if (response.statusCode() >= 500) {
      throw new UncheckedIOException(
          new IOException("status " + response.statusCode() + ": " + body));
    }
  }

  @Override
  public void listen(List<String> uris) throws InterruptedException {
    var first =
        stream(Optional.empty())
            .orElseThrow(
                () -> new IllegalStateException("the server gives no stream to listen to"));
    listening.start(first, broken -> stream(broken.lastEventId()), this::take);
    for (var uri : uris) {
      request("resources/subscribe", Codec.object().put("uri", uri));
    }
  }

  private void take(ObjectNode message) throws InterruptedException {
    var method = message.path("method").asString("");
    var params = Conversation.params(message);
    if (!message.has("id")) {
      hearer.heard(method, params);
      return;
    }
    var response = Codec.object().put("jsonrpc", "2.0").set("id", message.path("id"));
    try {
      say(response.set("result", hearer.asked(method, params)));
    } catch (AssertionError e) { // the script is over: the server need not wait for it
      var error = Codec.object().put("code", -1).put("message", String.valueOf(e.getMessage()));
      say(response.set("error", error));
      throw e;
    }
  }

  private void say(JsonNode message) throws InterruptedException {
    var response = post(message);
    var body = text(response);
    if (response.statusCode() >= 300) {
      throw new IllegalStateException("status " + response.statusCode() + ": " + body);
    }
  }

  private HttpResponse<InputStream> post(JsonNode message) throws InterruptedException {
    var headers = headers();
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "application/json, " + EVENTS);
    return http.send("POST", Codec.text(message).getBytes(StandardCharsets.UTF_8), headers);
  }

  private Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    if (sessionId != null) {
      headers.put("Mcp-Session-Id", sessionId);
      headers.put("MCP-Protocol-Version", revision);
    }
    return headers;
  }

  static boolean isStream(HttpResponse<?> response) {
    return response.headers().firstValue("Content-Type").orElse("").startsWith(EVENTS);
  }

  static String text(HttpResponse<InputStream> response) {
    try (var body = response.body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the session.
  @Override
  public void close() {
    listening.close();
    try {
      var _ = text(http.send("DELETE", NOTHING, headers()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UncheckedIOException _) {
      // the servers are gone, and with them whom this would tell
    }
  }
}
