package trunkline.adapter.sdk;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.net.URI;
import java.util.concurrent.CancellationException;
import tools.jackson.databind.JsonNode;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.ResourceNotFound;
import trunkline.feature.ToolFailed;
import trunkline.feature.UrlElicitationRequest;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;

/// What handlers of the SDK throw, as what handlers of ours would.
final class Failures {
  private static final int CAUSES_MAX = 10;

  private Failures() {}

  /// The first of its causes that means something here, else itself. Frameworks on top of the SDK
  /// wrap what their users' methods throw.
  static RuntimeException ours(RuntimeException thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      if (cause instanceof McpError error && error.getJsonRpcError() != null) {
        return told(error);
      }
      if (cause instanceof RuntimeException known && isKnown(known)) {
        return known;
      }
      cause = cause.getCause();
    }
    return thrown;
  }

  private static boolean isKnown(RuntimeException thrown) {
    return switch (thrown) {
      case CancellationException _,
          CapabilityMissing _,
          ClientRequestFailed _,
          ResourceNotFound _,
          ToolFailed _,
          UrlElicitationRequired _,
          RpcException _ ->
          true;
      default -> false;
    };
  }

  private static RuntimeException told(McpError thrown) {
    var error = thrown.getJsonRpcError();
    var data = Wire.write(error.data());
    if (error.code() == ErrorCodes.RESOURCE_NOT_FOUND && data.path("uri").isString()) {
      return new ResourceNotFound(data.path("uri").stringValue());
    }
    if (error.code() == ErrorCodes.URL_ELICITATION_REQUIRED
        && !data.path("elicitations").isEmpty()) {
      return new UrlElicitationRequired(
          data.path("elicitations").valueStream().map(Failures::page).toList());
    }
    return new RpcException(
        new RpcError(
            error.code(), String.valueOf(error.message()), error.data() == null ? null : data));
  }

  private static UrlElicitationRequest page(JsonNode json) {
    return new UrlElicitationRequest(
        json.path("elicitationId").asString(""),
        json.path("message").asString(""),
        URI.create(json.path("url").asString("")));
  }
}
