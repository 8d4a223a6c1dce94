package trunkline.peer;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client of the Java SDK that answers what it is asked and keeps what it hears.
///
/// Each notification is handed to whichever thread is free: what was heard is complete and not in
/// order.
final class JavaClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final McpSyncClient client;
  private volatile @Nullable String session;

  JavaClient(URI url) {
    var transport =
        HttpClientStreamableHttpTransport.builder(url.resolve("/").toString())
            .endpoint(url.getPath())
            .addHttpRequestCustomizer((request, _, _, _, _) -> note(request))
            .build();
    client =
        McpClient.sync(transport)
            .requestTimeout(PATIENCE)
            .initializationTimeout(PATIENCE)
            .capabilities(
                ClientCapabilities.builder()
                    .roots(true)
                    .sampling()
                    .elicitation(true, false)
                    .build())
            .roots(McpSchema.Root.builder("file:///peer").name("peer").build())
            .enableCallToolSchemaCaching(true)
            .elicitation(this::choose)
            .sampling(JavaClient::shorten)
            .loggingConsumer(log -> heard.add("log " + log.data()))
            .progressConsumer(progress -> heard.add("progress " + progress.progress().intValue()))
            .toolsChangeConsumer(tools -> heard.add("tools " + names(tools)))
            .resourcesUpdateConsumer(contents -> heard.add("update " + contents.getFirst().uri()))
            .build();
  }

  McpSyncClient sdk() {
    return client;
  }

  /// The session that its latest request named.
  String session() {
    var id = session;
    if (id == null) {
      throw new AssertionError("the client has no session");
    }
    return id;
  }

  McpSchema.CallToolResult call(String tool, Map<String, Object> arguments) {
    return client.callTool(
        McpSchema.CallToolRequest.builder(tool).arguments(arguments).progressToken(tool).build());
  }

  /// The text of a call's answer.
  String say(String tool, Map<String, Object> arguments) {
    return ((TextContent) call(tool, arguments).content().getFirst()).text();
  }

  /// What was heard until all of these were.
  List<String> hear(String... awaited) throws InterruptedException {
    var soFar = new ArrayList<String>();
    var until = System.nanoTime() + PATIENCE.toNanos();
    while (!soFar.containsAll(List.of(awaited))) {
      var next = heard.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new AssertionError("heard " + soFar + " instead of " + List.of(awaited));
      }
      soFar.add(next);
    }
    return soFar;
  }

  /// What was heard since.
  List<String> rest() {
    return List.copyOf(heard);
  }

  static List<String> names(List<McpSchema.Tool> tools) {
    return tools.stream().map(McpSchema.Tool::name).toList();
  }

  private void note(HttpRequest.Builder request) {
    request.copy().build().headers().firstValue("Mcp-Session-Id").ifPresent(id -> session = id);
  }

  private ElicitResult choose(ElicitFormRequest form) {
    heard.add("asked " + form.message());
    return ElicitResult.builder(ElicitResult.Action.ACCEPT)
        .content(Map.of("size", "LARGE", "toppings", List.of("OLIVES"), "glutenFree", true))
        .build();
  }

  private static CreateMessageResult shorten(CreateMessageRequest request) {
    var text = ((TextContent) request.messages().getFirst().content()).text();
    return CreateMessageResult.builder(McpSchema.Role.ASSISTANT, "shorter: " + text, "none")
        .build();
  }

  /// Says goodbye, which ends the session; what still waits is told. May be said twice.
  void leave() {
    client.closeGracefully();
  }

  @Override
  public void close() {
    leave();
  }
}
