package trunkline.protocol.run;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.memory.HeldMemory;
import trunkline.memory.MemoryShort;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.RightMissing;
import trunkline.telemetry.ServerEvent;

/// What a client gets of a handler's end: the result, or as much of a failure as it may read. The
/// same for calls, tasks and requests without a session.
final class HandlerResponse {
  private HandlerResponse() {}

  /// Runs a handler on a thread that is its own alone.
  ///
  /// @param interrupted gives the response of one that was cancelled or stopped
  static Response of(
      HandlerContext context,
      RequestId id,
      HeldMemory held,
      Callable<JsonNode> handler,
      Supplier<Response> interrupted) {
    try (var _ = context.scope()) {
      return answered(context, id, held, handler, interrupted);
    }
  }

  private static Response answered(
      HandlerContext context,
      RequestId id,
      HeldMemory held,
      Callable<JsonNode> handler,
      Supplier<Response> interrupted) {
    try {
      held.awaitRoom(); // results that wait to be written hold up those that would be next
      return new Response.Success(id, context.withMeta(context.run(handler)));
    } catch (RpcException e) {
      return e.answering(id);
    } catch (InterruptedException | CancellationException e) {
      return interrupted.get();
    } catch (MemoryShort _) {
      return failure(id, "the server is short of memory; try again later");
    } catch (DatabaseUnavailable | DatabaseBusy e) {
      context.failed(ServerEvent.place(e));
      return failure(id, "the database did not answer in time; try again later");
    } catch (RightMissing e) {
      context.failed(ServerEvent.place(e));
      return failure(id, RightMissing.SAID);
    } catch (Exception | Error e) {
      context.failed(ServerEvent.place(e));
      return failure(id, "internal error");
    }
  }

  static Response failure(RequestId id, String message) {
    return new Response.Failure(id, new RpcError(ErrorCode.INTERNAL_ERROR, message));
  }
}
