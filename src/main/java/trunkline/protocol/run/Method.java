package trunkline.protocol.run;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The answer to one kind of request. Holds no state, so any instance may run it.
@FunctionalInterface
public interface Method {
  /// Runs on the request's own virtual thread and may wait.
  ///
  /// @return the result, in the shape of the context's revision
  /// @throws trunkline.jsonrpc.RpcException when the request fails
  /// @throws InterruptedException or `CancellationException` when the request was cancelled
  JsonNode handle(CallContext context, ObjectNode params) throws InterruptedException;

  /// Refuses what its sender may not do, before anything of it is run and its answer is begun; asks
  /// the database nothing.
  ///
  /// @throws trunkline.jsonrpc.RpcException when it may not
  default void admit(CallContext context, ObjectNode params) {}

  /// Whether another instance may run a request with these params again, when the one that ran it
  /// was lost. True for what only reads.
  default boolean isRetryable(ObjectNode params) {
    return true;
  }
}
