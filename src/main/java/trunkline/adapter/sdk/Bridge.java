package trunkline.adapter.sdk;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.ElicitResult;
import trunkline.feature.RequestContext;
import trunkline.feature.UrlElicitationRequest;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;

/// The SDK's idea of a session over one request's context. All that is asked and said happens on
/// the thread that subscribes, which is the handler's.
final class Bridge implements McpLoggableSession {
  private final RequestContext context;
  private volatile @Nullable CancellationException stopped;

  Bridge(RequestContext context) {
    this.context = context;
  }

  @Override
  public <T> Mono<T> sendRequest(String method, Object params, TypeRef<T> type) {
    return Mono.fromCallable(() -> Wire.read(answer(method, Wire.write(params)), type));
  }

  @Override
  public Mono<Void> sendNotification(String method, Object params) {
    return Mono.fromRunnable(() -> say(method, Wire.write(params)));
  }

  /// A handler that swallowed the end of its run has no answer to give.
  ///
  /// @throws CancellationException when one of its questions has ended the run
  void requireGoingOn() {
    if (stopped != null) {
      throw stopped;
    }
  }

  private JsonNode answer(String method, JsonNode params) {
    try {
      return switch (method) {
        case "elicitation/create" -> elicit((ObjectNode) params);
        case "sampling/createMessage" -> single(ask(method, params, ClientCapability.SAMPLING));
        case "roots/list" -> roots();
        default -> ask(method, params);
      };
    } catch (CancellationException e) {
      stopped = e;
      throw e;
    }
  }

  private JsonNode ask(String method, JsonNode params, ClientCapability... needs) {
    return context.ask(
        new ClientRequest(
            method, params instanceof ObjectNode object ? object : Codec.object(), needs));
  }

  private JsonNode elicit(ObjectNode params) {
    if (params.path("mode").asString("").equals("url")) {
      return open(
          new UrlElicitationRequest(
              params.path("elicitationId").asString(""),
              params.path("message").asString(""),
              URI.create(params.path("url").asString(""))));
    }
    params.remove("mode"); // a form is what every revision means without a word
    return ask("elicitation/create", params, ClientCapability.ELICITATION);
  }

  /// Through the API, so that the page can report the user all over the cluster.
  private JsonNode open(UrlElicitationRequest page) {
    return Codec.object()
        .put(
            "action",
            switch (context.elicit(page)) {
              case ElicitResult.Accepted<?> _ -> "accept";
              case ElicitResult.Declined<?> _ -> "decline";
              case ElicitResult.Cancelled<?> _ -> "cancel";
            });
  }

  /// Since 2025-11-25 a message may be a list of blocks, which the SDK cannot read.
  private static JsonNode single(JsonNode answer) {
    if (answer instanceof ObjectNode message && message.path("content").isArray()) {
      if (message.path("content").size() != 1) {
        throw new ClientRequestFailed(
            ClientRequestFailed.Reason.MALFORMED,
            "the client's model answered with "
                + message.path("content").size()
                + " blocks, and the Java SDK reads one");
      }
      var read = message.deepCopy();
      read.set("content", message.path("content").get(0));
      return read;
    }
    return answer;
  }

  private JsonNode roots() {
    var result = Codec.object();
    var roots = result.putArray("roots");
    for (var root : context.roots()) {
      var json = roots.addObject().put("uri", root.uri());
      if (root.name() != null) {
        json.put("name", root.name());
      }
    }
    return result;
  }

  private void say(String method, JsonNode params) {
    switch (method) {
      case "notifications/progress" ->
          context.progress(
              params.path("progress").asDouble(),
              params.hasNonNull("total") ? params.path("total").asDouble() : null,
              text(params, "message"));
      case "notifications/message" ->
          context.log(
              LogLevel.valueOf(params.path("level").asString("info").toUpperCase(Locale.ROOT)),
              text(params, "logger"),
              params.path("data"));
      default ->
          throw new UnsupportedOperationException(
              "a handler cannot send " + method + " by its exchange: use context.server()");
    }
  }

  private static @Nullable String text(JsonNode params, String name) {
    return params.hasNonNull(name) ? params.path(name).asString() : null;
  }

  /// The client's own level decides, see [RequestContext#log].
  @Override
  public boolean isNotificationForLevelAllowed(LoggingLevel level) {
    return true;
  }

  @Override
  public void setMinLoggingLevel(LoggingLevel level) {
    throw new UnsupportedOperationException("the level is the client's to set");
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  @Override
  public void close() {}
}
