package trunkline.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Content;
import trunkline.feature.Records;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;

/// A client that speaks MCP over HTTP, each of its requests to the next instance: what works with
/// it works behind a balancer in round robin. Its user and its model answer as the test has written
/// down; what it was told is in [#progress], [#logs] and [#awaitNotification].
///
/// ```java
/// var result = servers.client().answer(order).call("order_pizza", new Table(4));
/// ```
///
/// It says hello with its first request, so write the script before. Requests wait as long as the
/// server lets them; give tests a `@Timeout`. Safe for several threads once it is connected.
public final class McpTestClient extends ScriptedClient<McpTestClient> implements AutoCloseable {
  private static final Duration NOTIFICATION_MAX = Duration.ofSeconds(10);

  private final RoundRobin http;
  private final String revision;
  private final Map<String, BlockingQueue<ObjectNode>> heard = new ConcurrentHashMap<>();
  private @Nullable Conversation conversation;

  McpTestClient(Supplier<List<URI>> instances, String revision) {
    this.http = new RoundRobin(instances);
    this.revision = revision;
  }

  /// A client of servers that run elsewhere, of the revision 2025-11-25.
  ///
  /// @param instances the URLs of their MCP endpoints, such as `http://127.0.0.1:8080/mcp`
  public static McpTestClient of(URI... instances) {
    return of("2025-11-25", instances);
  }

  /// The same of another revision; `2026-07-28` is the one without sessions.
  public static McpTestClient of(String revision, URI... instances) {
    var all = List.of(instances);
    return new McpTestClient(() -> all, revision);
  }

  /// Calls a tool with this record.
  ///
  /// @throws RequestRefused when there is no such tool
  public ToolResult call(String tool, Record arguments) throws InterruptedException {
    return call(tool, Records.json(arguments));
  }

  /// Calls a tool that takes no arguments.
  public ToolResult call(String tool) throws InterruptedException {
    return call(tool, Codec.object());
  }

  /// Calls a tool with arguments as JSON.
  public ToolResult call(String tool, ObjectNode arguments) throws InterruptedException {
    var params = Codec.object().put("name", tool);
    params.set("arguments", arguments);
    var result = request("tools/call", params);
    return new ToolResult(
        result.path("content").valueStream().map(Content::from).toList(),
        result.get("structuredContent"),
        result.path("isError").asBoolean(false));
  }

  /// The names of the tools, in the server's order.
  public List<String> tools() throws InterruptedException {
    return Pages.read("tools", params -> request("tools/list", params)).stream()
        .map(tool -> tool.path("name").asString(""))
        .toList();
  }

  /// The text of a resource; its parts one below the other.
  public String read(String uri) throws InterruptedException {
    return String.join(
        "\n",
        request("resources/read", Codec.object().put("uri", uri))
            .path("contents")
            .valueStream()
            .map(part -> part.path("text").asString(""))
            .toList());
  }

  /// Sends any request and gives its result.
  ///
  /// @throws RequestRefused when it is answered by an error
  public JsonNode request(String method, ObjectNode params) throws InterruptedException {
    return conversation().request(method, params);
  }

  /// Hears from now on what changes: the lists, what is sent to its session (in eras that have
  /// sessions), and these resources; also after the instance that it listens to has died. What
  /// changes until it listens to another is heard in eras that have sessions.
  public McpTestClient listen(String... uris) throws InterruptedException {
    conversation().listen(List.of(uris));
    return this;
  }

  /// The params of the next notification of this method, such as `notifications/resources/updated`;
  /// fails the test when none comes within 10 s.
  public ObjectNode awaitNotification(String method) throws InterruptedException {
    var next = heard(method).poll(NOTIFICATION_MAX.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new AssertionError(
          "no " + method + " within " + NOTIFICATION_MAX.toSeconds() + " s; listen() was called?");
    }
    return next;
  }

  /// The session's id; null in the era without sessions.
  public @Nullable String sessionId() throws InterruptedException {
    return conversation() instanceof SessionConversation session ? session.sessionId() : null;
  }

  /// Ends its session, if it has one, and its connections.
  @Override
  public synchronized void close() {
    if (conversation != null) {
      conversation.close();
    }
    http.close();
  }

  private synchronized Conversation conversation() throws InterruptedException {
    if (conversation == null) {
      conversation =
          revision.equals(StatelessConversation.REVISION)
              ? new StatelessConversation(http, new Ears())
              : new SessionConversation(http, new Ears(), revision);
    }
    return conversation;
  }

  private BlockingQueue<ObjectNode> heard(String method) {
    return heard.computeIfAbsent(method, _ -> new LinkedBlockingQueue<>());
  }

  /// This client, as its conversation sees it.
  private final class Ears implements Conversation.Hearer {
    @Override
    public JsonNode asked(String method, ObjectNode params) {
      return McpTestClient.this.asked(method, params);
    }

    @Override
    public void heard(String method, ObjectNode params) {
      switch (method) {
        case "notifications/progress" -> {
          var total = params.get("total");
          var message = params.get("message");
          reported(
              params.path("progress").asDouble(0),
              total == null ? null : total.asDouble(),
              message == null ? null : message.asString());
        }
        case "notifications/message" -> {
          var logger = params.get("logger");
          logged(
              LogLevel.parse(params.path("level").asString("")).orElse(LogLevel.INFO),
              logger == null ? null : logger.asString(),
              params.path("data"));
        }
        default -> {}
      }
      McpTestClient.this.heard(method).add(params);
    }

    @Override
    public ObjectNode capabilities() {
      return declared();
    }
  }
}
