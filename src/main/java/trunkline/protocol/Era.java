package trunkline.protocol;

import java.util.Optional;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.wire.Envelope;
import trunkline.protocol.wire.Revision;

/// The era of a message. The body decides: a stateless message carries its revision in
/// `params._meta` (MCP 2026-07-28, Versioning); the header must agree with it.
sealed interface Era {
  /// Belongs to a session, or opens one.
  record Stateful() implements Era {}

  /// Stands alone, and says all that there is to know of its client.
  record Stateless(Envelope envelope, Revision revision) implements Era {}

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
    if (request.method().equals("initialize") && !(hasClaim(request) && isStateless(headers))) {
      return new Stateful(); // which revision it will be is said in its params
    }
    if (!hasClaim(request) && !isStateless(headers)) {
      return ofSession(headers);
    }
    try {
      var envelope = Envelope.read(request.params());
      new MirroredHeaders(headers).requireVersion(envelope.version());
      return Revision.find(envelope.version())
          .filter(Revision::isStateless)
          .<Era>map(revision -> new Stateless(envelope, revision))
          .orElseGet(() -> new Refused(unsupportedVersion(envelope.version())));
    } catch (RpcException e) {
      return new Refused(e.error());
    }
  }

  private static Era ofSession(McpHeaders headers) {
    return refusal(headers).<Era>map(Refused::new).orElseGet(Stateful::new);
  }

  /// The reason to refuse a session's message with this version header. A known one that is not the
  /// session's is ignored: the session's revision was agreed on.
  static Optional<RpcError> refusal(McpHeaders headers) {
    return headers.version().filter(version -> !isKnown(version)).map(Era::unsupportedVersion);
  }

  /// The revisions that have sessions, and the one before those, which clients of the official SDKs
  /// may still name.
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
    return switch (message) {
      case Message.Request request -> Envelope.isIn(request.params());
      case Message.Notification notification -> Envelope.isIn(notification.params());
      case Response _ -> false;
    };
  }

  static boolean isStateless(McpHeaders headers) {
    return headers.version().flatMap(Revision::find).filter(Revision::isStateless).isPresent();
  }
}
