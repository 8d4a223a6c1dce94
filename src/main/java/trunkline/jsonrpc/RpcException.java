package trunkline.jsonrpc;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request that can't be served; [#error()] tells the peer why. It has no stack trace: it answers
/// a stranger's invalid input and must stay cheap.
public final class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RpcError error;
  private final transient @Nullable RequestId id;

  public RpcException(RpcError error) {
    this(error, null);
  }

  public RpcException(RpcError error, @Nullable RequestId id) {
    super(error.code() + " " + error.message(), null, false, false);
    this.error = error;
    this.id = id;
  }

  public static RpcException invalidRequest(String message) {
    return new RpcException(new RpcError(ErrorCode.INVALID_REQUEST, message));
  }

  public static RpcException methodNotFound(String method) {
    return new RpcException(
        new RpcError(ErrorCode.METHOD_NOT_FOUND, "Method not found: " + method));
  }

  public static RpcException invalidParams(String message) {
    return new RpcException(new RpcError(ErrorCode.INVALID_PARAMS, message));
  }

  /// A limit is reached; programs find its name and value in the error's data.
  ///
  /// @param reached what there is so much of
  /// @param limit the option's name
  /// @param advice what the client can do
  public static RpcException limitReached(String reached, String limit, int max, String advice) {
    var data = Codec.object().put("limit", limit).put("max", max);
    var text = "%s; the limit is %d (--%s): %s".formatted(reached, max, limit, advice);
    return new RpcException(new RpcError(ErrorCode.INVALID_REQUEST, text, data));
  }

  public RpcError error() {
    return error;
  }

  /// The id of the refused request, where it could be read.
  public Optional<RequestId> id() {
    return Optional.ofNullable(id);
  }

  /// The same failure as the answer to this request.
  public Response.Failure answering(RequestId request) {
    return new Response.Failure(request, error);
  }
}
