package trunkline.protocol;

import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.InsufficientScope;
import trunkline.jsonrpc.RateLimited;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.RpcError;

/// The refusals of the stateful era, and those of both.
final class Refusals {
  private Refusals() {}

  /// The reply to a request that came to this answer. What one may not do, or may not do so often,
  /// has an HTTP status in both eras, as long as nothing was sent before.
  ///
  /// @param error what the body says, if it is one
  static Reply ofAny(@Nullable RpcError error, byte[] body) {
    if (error == null) {
      return new Reply.Answer(body, null);
    }
    return switch (error.code()) {
      case ErrorCode.INSUFFICIENT_SCOPE -> new Reply.Denied(InsufficientScope.of(error), body);
      case ErrorCode.RATE_LIMITED -> new Reply.Limited(RateLimited.retryAfter(error), body);
      default -> new Reply.Answer(body, null);
    };
  }

  static Reply sessionRequired(@Nullable RequestId id) {
    return refused(
        Refusal.BAD_REQUEST,
        id,
        ErrorCode.SESSION_REFUSED,
        "Mcp-Session-Id is required: initialize opens a session");
  }

  /// Of GET and DELETE.
  static Reply sessionRequired() {
    return sessionRequired(null);
  }

  static Reply sessionNotFound(@Nullable RequestId id) {
    return refused(
        Refusal.NOT_FOUND, id, ErrorCode.SESSION_NOT_FOUND, "Session not found: initialize anew");
  }

  static Reply batch(String why) {
    return refused(Refusal.BAD_REQUEST, null, ErrorCode.INVALID_REQUEST, why);
  }

  /// Refuses to resume a stream from there.
  static Reply event(String why) {
    return refused(Refusal.BAD_REQUEST, null, ErrorCode.SESSION_REFUSED, why);
  }

  static Reply notAllowed() {
    return refused(
        Refusal.NOT_ALLOWED,
        null,
        ErrorCode.SESSION_REFUSED,
        "Method not allowed: there is no stream to follow");
  }

  private static Reply refused(Refusal why, @Nullable RequestId id, int code, String message) {
    return Reply.Refused.because(why, id, new RpcError(code, message));
  }
}
