package trunkline.jsonrpc;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A peer's answer to a request; exactly one of the two shapes.
public sealed interface Response extends Message {
  record Success(RequestId id, JsonNode result) implements Response {}

  /// The id is null when the request's own id could not be read.
  record Failure(@Nullable RequestId id, RpcError error) implements Response {}
}
