package trunkline.audit;

import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;

/// What a client is told where there is no answer without a record.
public final class Unrecorded {
  private static final String REASON = "unrecorded";

  private Unrecorded() {}

  /// Nothing was done, and it may be tried again.
  public static RpcError refusal() {
    return error(
        "Unavailable: requests cannot be recorded now, and none is served without (--audit strict)");
  }

  /// In the place of an answer: what was asked for may have been done.
  public static Response.Failure instead(RequestId id) {
    return new Response.Failure(
        id,
        error(
            "the request was carried out and could not be recorded: its answer is withheld (--audit strict)"));
  }

  private static RpcError error(String message) {
    return new RpcError(ErrorCode.INTERNAL_ERROR, message, Codec.object().put("reason", REASON));
  }
}
