package trunkline.testkit;

import trunkline.jsonrpc.RpcError;

/// The server answered a request with an error. A tool that failed is none: that is a result.
public final class RequestRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RpcError error;

  RequestRefused(String method, RpcError error) {
    super(method + " was refused: " + error.message() + " (" + error.code() + ")");
    this.error = error;
  }

  public RpcError error() {
    return error;
  }
}
