package trunkline.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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

/// No session (2026-07-28): every request says who asks, and one that asks its client is sent again
/// with the answers, each time to the next instance.
final class StatelessConversation implements Conversation {
  static final String REVISION = "2026-07-28";

  private static final int ROUNDS_MAX = 50;

  /// The param that a header repeats.
  private static final Map<String, String> NAMED =
      Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

  private final RoundRobin http;
  private final Hearer hearer;
  private final AtomicLong nextId = new AtomicLong();
  private final Listening listening = new Listening();
  private @Nullable List<JsonNode> tools;

  StatelessConversation(RoundRobin http, Hearer hearer) {
    this.http = http;
    this.hearer = hearer;
  }

  @Override
  public JsonNode request(String method, ObjectNode params) throws InterruptedException {
    var asked = params;
    for (var round = 0; round < ROUNDS_MAX; round++) {
      var result = round(method, asked);
      if (!result.path("resultType").asString("").equals("input_required")) {
        return result;
      }
      asked = answered(params, result);
    }
    throw new IllegalStateException(method + " asks again and again: " + ROUNDS_MAX + " rounds");
  }

  private ObjectNode answered(ObjectNode params, JsonNode result) {
    var next = params.deepCopy();
    var responses = next.putObject("inputResponses");
    for (var question : result.path("inputRequests").properties()) {
      var method = question.getValue().path("method").asString("");
      responses.set(
          question.getKey(), hearer.asked(method, Conversation.params(question.getValue())));
    }
    if (result.has("requestState")) {
      next.set("requestState", result.get("requestState"));
    }
    return next;
  }

  private JsonNode round(String method, ObjectNode params) throws InterruptedException {
    var response = post(method, params, nextId.incrementAndGet());
    if (!SessionConversation.isStream(response)) {
      return Conversation.result(method, Codec.tree(SessionConversation.text(response)));
    }
    try (var events = new Events(response.body())) {
      for (var next = events.next(); next.isPresent(); next = events.next()) {
        var message = next.get();
        if (!message.has("method")) {
          return Conversation.result(method, message);
        }
        hearer.heard(message.path("method").asString(""), Conversation.params(message));
      }
    }
    throw new IllegalStateException(method + ": the connection ended without an answer");
  }

  @Override
  public void listen(List<String> uris) throws InterruptedException {
    var filter =
        Codec.object()
            .put("toolsListChanged", true)
            .put("promptsListChanged", true)
            .put("resourcesListChanged", true);
    uris.forEach(filter.putArray("resourceSubscriptions")::add);
    var params = Codec.object().set("notifications", filter);
    var first =
        listened(params)
            .orElseThrow(
                () -> new IllegalStateException("the server gives no stream to listen to"));
    listening.start(
        first,
        _ -> listened(params),
        message -> hearer.heard(message.path("method").asString(""), Conversation.params(message)));
  }

  /// The stream, acknowledged.
  private Optional<Events> listened(ObjectNode params) throws InterruptedException {
    var response = post("subscriptions/listen", params, nextId.incrementAndGet());
    if (!SessionConversation.isStream(response)) {
      SessionConversation.requireServing(response);
      return Optional.empty();
    }
    var events = new Events(response.body());
    if (events.next().isEmpty()) { // nothing comes before the acknowledgement
      throw new UncheckedIOException(new IOException("the stream ended before it began"));
    }
    return Optional.of(events);
  }

  private HttpResponse<InputStream> post(String method, ObjectNode params, long id)
      throws InterruptedException {
    var nodes = JsonNodeFactory.instance;
    var filled =
        Conversation.withMeta(
            params,
            Map.of(
                "io.modelcontextprotocol/protocolVersion", nodes.stringNode(REVISION),
                "io.modelcontextprotocol/clientCapabilities", hearer.capabilities(),
                "io.modelcontextprotocol/clientInfo", Conversation.clientInfo(),
                "io.modelcontextprotocol/logLevel", nodes.stringNode("debug"),
                "progressToken", nodes.numberNode(id)));
    var message = Conversation.message(method, filled).put("id", id);
    return http.send(
        "POST", Codec.text(message).getBytes(StandardCharsets.UTF_8), headers(method, filled));
  }

  private Map<String, String> headers(String method, ObjectNode params)
      throws InterruptedException {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "application/json, text/event-stream");
    headers.put("MCP-Protocol-Version", REVISION);
    headers.put("Mcp-Method", method);
    var named = NAMED.get(method);
    if (named != null) {
      headers.put("Mcp-Name", spelled(params.path(named).asString("")));
    }
    if (method.equals("tools/call")) {
      mirror(schema(params.path("name").asString("")), params.path("arguments"), headers);
    }
    return headers;
  }

  /// Arguments that the schema marks are repeated in headers.
  private static void mirror(JsonNode schema, JsonNode arguments, Map<String, String> headers) {
    for (var property : schema.path("properties").properties()) {
      var argument = arguments.path(property.getKey());
      var header = property.getValue().path("x-mcp-header").asString("");
      if (!header.isEmpty() && argument.isValueNode() && !argument.isNull()) {
        headers.put("Mcp-Param-" + header, spelled(argument.asString()));
      }
      mirror(property.getValue(), argument, headers);
    }
  }

  private JsonNode schema(String tool) throws InterruptedException {
    if (tools == null) {
      tools = Pages.read("tools", params -> round("tools/list", params));
    }
    return tools.stream()
        .filter(listed -> listed.path("name").asString("").equals(tool))
        .findFirst()
        .map(listed -> listed.path("inputSchema"))
        .orElseGet(Codec::object);
  }

  /// What a header cannot carry as it is travels in base64.
  private static String spelled(String value) {
    var plain =
        value.chars().allMatch(c -> c >= ' ' && c <= '~')
            && value.equals(value.strip())
            && !value.startsWith("=?base64?");
    return plain
        ? value
        : "=?base64?"
            + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }

  @Override
  public void close() {
    listening.close();
  }
}
