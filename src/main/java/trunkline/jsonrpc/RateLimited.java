package trunkline.jsonrpc;

import java.time.Duration;

/// The error of a request that is one too many for now.
public final class RateLimited {
  private static final String LIMIT = "limit";
  private static final String RETRY_AFTER = "retryAfterMs";

  private RateLimited() {}

  /// Refuses what is one too many.
  ///
  /// @param limit the limit that was reached, by its name
  /// @param message for people
  public static RpcException reached(String limit, String message, Duration retryAfter) {
    var data = Codec.object().put(LIMIT, limit).put(RETRY_AFTER, retryAfter.toMillis());
    return new RpcException(new RpcError(ErrorCode.RATE_LIMITED, message, data));
  }

  /// When it may be tried again.
  public static Duration retryAfter(RpcError error) {
    var data = error.data();
    return Duration.ofMillis(data == null ? 1000 : data.path(RETRY_AFTER).asLong(1000));
  }
}
