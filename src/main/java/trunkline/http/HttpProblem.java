package trunkline.http;

import io.helidon.http.Status;
import java.util.Map;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;

/// A request that HTTP refuses before the protocol sees it. The body is a JSON-RPC error without an
/// id, which every kind of client can read; the text is shown to strangers.
final class HttpProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final Status MISDIRECTED = Status.create(421, "Misdirected Request");

  private final transient Status status;
  private final transient Map<String, String> headers;

  HttpProblem(Status status, String message) {
    this(status, message, Map.of());
  }

  HttpProblem(Status status, String message, Map<String, String> headers) {
    super(message, null, false, false);
    this.status = status;
    this.headers = headers;
  }

  Status status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  byte[] body() {
    return body(ErrorCode.SESSION_REFUSED, String.valueOf(getMessage()));
  }

  static byte[] body(int code, String message) {
    return Codec.encode(new Response.Failure(null, new RpcError(code, message)));
  }
}
