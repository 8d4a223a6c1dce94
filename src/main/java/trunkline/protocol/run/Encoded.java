package trunkline.protocol.run;

import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;

/// A response as it is sent.
@SuppressWarnings("ArrayRecordComponent") // final bytes on their way out
record Encoded(Response response, byte[] bytes) {
  static Encoded of(Response response) {
    return new Encoded(response, Codec.encode(response));
  }

  /// What it says, if it is an error.
  @Nullable RpcError error() {
    return response instanceof Response.Failure(var _, var why) ? why : null;
  }
}
