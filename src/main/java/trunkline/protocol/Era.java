package trunkline.protocol;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.protocol.wire.Revision;

/// The era of a message. The body decides: a stateless message carries its revision in
/// `params._meta` (MCP 2026-07-28, Versioning); the header must agree with it.
sealed interface Era {
  String CLAIM = "io.modelcontextprotocol/protocolVersion";

  /// Belongs to a session, or opens one.
  record Stateful() implements Era {}

  /// A stateless notification: nothing in that revision is sent this way.
  record Ignored() implements Era {}

  /// Answered with status 400 and this error.
  record Refused(RpcError error) implements Era {}

  static Era of(Message message, McpHeaders headers) {
    return switch (message) {
      case Message.Request request -> ofRequest(request, headers);
      case Message.Notification _ ->
          hasClaim(message) || isStateless(headers) ? new Ignored() : ofSession(headers);
      case Response _ ->
          isStateless(headers)
              ? new Refused(
                  new RpcError(
                      ErrorCode.INVALID_REQUEST, "2026-07-28 has no responses from clients"))
              : ofSession(headers);
    };
  }

  private static Era ofRequest(Message.Request request, McpHeaders headers) {
    if (hasClaim(request)) {
      var claimed = claim(request);
      return claimed.isString()
          ? new Refused(unsupportedVersion(claimed.asString()))
          : new Refused(
              new RpcError(ErrorCode.INVALID_PARAMS, "params._meta." + CLAIM + " is not a string"));
    }
    return request.method().equals("initialize") ? new Stateful() : ofSession(headers);
  }

  private static Era ofSession(McpHeaders headers) {
    return refusal(headers).<Era>map(Refused::new).orElseGet(Stateful::new);
  }

  /// The reason to refuse a session's message with this version header. A known one that is not the
  /// session's is ignored: the session's revision was agreed on.
  static Optional<RpcError> refusal(McpHeaders headers) {
    return headers.version().filter(version -> !isKnown(version)).map(Era::unsupportedVersion);
  }

  /// The revisions before sessions were stateless, and the one before those, which clients of the
  /// official SDKs may still name.
  private static boolean isKnown(String version) {
    return version.equals("2024-11-05")
        || Revision.find(version).filter(r -> !r.isStateless()).isPresent();
  }

  private static RpcError unsupportedVersion(String requested) {
    var data = Codec.object();
    var supported = data.putArray("supported");
    Revision.supported().forEach(supported::add);
    data.put("requested", RpcError.cut(requested));
    return new RpcError(
        ErrorCode.UNSUPPORTED_PROTOCOL_VERSION, "Unsupported protocol version", data);
  }

  static boolean hasClaim(Message message) {
    return !claim(message).isMissingNode();
  }

  private static JsonNode claim(Message message) {
    var params =
        switch (message) {
          case Message.Request request -> request.params();
          case Message.Notification notification -> notification.params();
          case Response _ -> Codec.object();
        };
    return params.path("_meta").path(CLAIM);
  }

  static boolean isStateless(McpHeaders headers) {
    return headers.version().flatMap(Revision::find).filter(Revision::isStateless).isPresent();
  }
}
