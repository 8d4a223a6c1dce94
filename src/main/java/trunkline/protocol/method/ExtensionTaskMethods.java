package trunkline.protocol.method;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.wire.Params;
import trunkline.protocol.wire.TasksExtension;
import trunkline.task.DetailedTask;
import trunkline.task.TaskId;

/// `tasks/get`, `tasks/update` and `tasks/cancel` of the extension Tasks (MCP 2026-07-28).
final class ExtensionTaskMethods {
  private ExtensionTaskMethods() {}

  static JsonNode get(CallContext context, ObjectNode params) throws InterruptedException {
    return TasksExtension.json(find(context, params));
  }

  /// Committed when it returns, so that whoever looks next, anywhere, finds what was answered gone.
  static JsonNode update(CallContext context, ObjectNode params) throws InterruptedException {
    var answers = new Params(params).required("inputResponses").json();
    context.tasks().answer(find(context, params), answers);
    return Codec.object();
  }

  /// One that has ended stays as it is, which is no error.
  static JsonNode cancel(CallContext context, ObjectNode params) throws InterruptedException {
    var id = id(params);
    if (id.isEmpty() || context.tasks().cancel(id.get()).isEmpty()) {
      find(context, params);
    }
    return Codec.object();
  }

  private static DetailedTask find(CallContext context, ObjectNode params)
      throws InterruptedException {
    var id = id(params);
    var task = id.isPresent() ? context.tasks().detail(id.get()) : Optional.<DetailedTask>empty();
    return task.orElseThrow(() ->
        RpcException.invalidParams(
            "Task not found: there is none of this id, or its time is over"));
  }

  private static Optional<TaskId> id(ObjectNode params) {
    return TaskId.parse(new Params(params).string("taskId"));
  }
}
