package trunkline.adapter.sdk;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitUrlRequest;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.ListRootsResult;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientCapability;
import trunkline.feature.RequestContext;
import trunkline.jsonrpc.Codec;

/// The SDK's exchange over one request's context. What the client did not declare is refused by
/// Trunkline's exception, which says to clients what they would have to declare.
final class Exchange extends McpSyncServerExchange {
  /// The request's context, among what the SDK calls the transport's.
  static final String CONTEXT = RequestContext.class.getName();

  private static final TypeRef<ClientCapabilities> CAPABILITIES = new TypeRef<>() {};
  private static final TypeRef<Implementation> IMPLEMENTATION = new TypeRef<>() {};

  private final RequestContext context;
  private final Bridge bridge;

  Exchange(RequestContext context) {
    this(context, new Bridge(context));
  }

  private Exchange(RequestContext context, Bridge bridge) {
    super(
        new McpAsyncServerExchange(
            context.sessionId().orElse(null),
            bridge,
            Wire.read(declared(context), CAPABILITIES),
            context.client().map(each -> Wire.read(each.json(), IMPLEMENTATION)).orElse(null),
            McpTransportContext.create(Map.of(CONTEXT, context))));
    this.context = context;
    this.bridge = bridge;
  }

  /// `_meta` of the request. It has a progress token whether or not the client wants to hear of
  /// progress: handlers report only with one.
  static Map<String, Object> meta(RequestContext context) {
    var meta = context.meta().deepCopy();
    if (!meta.has("progressToken")) {
      meta.put("progressToken", "of-the-call");
    }
    return Wire.map(meta);
  }

  private static ObjectNode declared(RequestContext context) {
    var declared = Codec.object();
    for (var capability : ClientCapability.values()) {
      // The SDK has no words for pages.
      if (capability != ClientCapability.APPS && context.supports(capability)) {
        var details =
            declared.get(capability.key()) instanceof ObjectNode known
                ? known
                : declared.putObject(capability.key());
        switch (capability) {
          case ELICITATION -> details.putObject("form");
          case ELICITATION_URL -> details.putObject("url");
          case SAMPLING_TOOLS, SAMPLING, ROOTS, APPS -> {}
        }
      }
    }
    return declared;
  }

  /// Runs a handler of the SDK.
  <T> T run(Handler<T> handler) {
    T answer;
    try {
      answer = handler.handle(this);
    } catch (RuntimeException e) {
      bridge.requireGoingOn();
      throw Failures.ours(e);
    }
    bridge.requireGoingOn();
    return answer;
  }

  @FunctionalInterface
  interface Handler<T> {
    T handle(McpSyncServerExchange exchange);
  }

  @Override
  public ElicitResult createElicitation(ElicitRequest request) {
    require(
        request instanceof ElicitUrlRequest
            ? ClientCapability.ELICITATION_URL
            : ClientCapability.ELICITATION);
    return super.createElicitation(request);
  }

  @Override
  public CreateMessageResult createMessage(CreateMessageRequest request) {
    require(ClientCapability.SAMPLING);
    return super.createMessage(request);
  }

  @Override
  public ListRootsResult listRoots() {
    require(ClientCapability.ROOTS);
    return super.listRoots();
  }

  private void require(ClientCapability capability) {
    if (!context.supports(capability)) {
      throw new CapabilityMissing(capability);
    }
  }
}
