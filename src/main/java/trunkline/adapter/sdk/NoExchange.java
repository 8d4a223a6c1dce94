package trunkline.adapter.sdk;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import reactor.core.publisher.Mono;

/// What a completion gets for an exchange: a user who types is asked nothing and told nothing.
final class NoExchange implements McpLoggableSession {
  private static final String REFUSED = "a completion cannot ask or tell its client anything: ";

  static McpSyncServerExchange instance() {
    return new McpSyncServerExchange(
        new McpAsyncServerExchange(
            null,
            new NoExchange(),
            ClientCapabilities.builder().build(),
            null,
            McpTransportContext.EMPTY));
  }

  private NoExchange() {}

  @Override
  public <T> Mono<T> sendRequest(String method, Object params, TypeRef<T> type) {
    return Mono.error(new UnsupportedOperationException(REFUSED + method));
  }

  @Override
  public Mono<Void> sendNotification(String method, Object params) {
    return Mono.error(new UnsupportedOperationException(REFUSED + method));
  }

  @Override
  public boolean isNotificationForLevelAllowed(LoggingLevel level) {
    return false;
  }

  @Override
  public void setMinLoggingLevel(LoggingLevel level) {
    throw new UnsupportedOperationException(REFUSED + "logging/setLevel");
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  @Override
  public void close() {}
}
