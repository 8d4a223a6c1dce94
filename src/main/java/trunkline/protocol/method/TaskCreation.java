package trunkline.protocol.method;

import java.util.concurrent.CancellationException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.ClientCapability;
import trunkline.feature.InvalidArguments;
import trunkline.feature.Tool;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.run.Method;
import trunkline.protocol.wire.Envelope;
import trunkline.protocol.wire.Params;
import trunkline.protocol.wire.TasksExtension;

/// Calls that the server makes tasks of, whose clients only say that they can have some (MCP
/// 2026-07-28, the extension Tasks). A `task` among the params means nothing.
///
/// @param run runs a tool by the call's parameters
record TaskCreation(EnabledFeatures features, Method run) {
  JsonNode call(CallContext context, ObjectNode params) throws InterruptedException {
    var tool = features.tool(context, new Params(params).string("name"));
    var known = context.knows(TasksExtension.NAME);
    return switch (tool.tasks()) {
      case FORBIDDEN -> run.handle(context, params);
      case OPTIONAL -> known ? create(context, tool, params) : run.handle(context, params);
      case LATER -> known ? runFirst(context, tool, params) : run.handle(context, params);
      case REQUIRED -> {
        if (!known) {
          throw Envelope.undeclared(TasksExtension.NAME);
        }
        yield create(context, tool, params);
      }
    };
  }

  /// Until its handler says that it goes on as a task, if it says so.
  private JsonNode runFirst(CallContext context, Tool tool, ObjectNode params)
      throws InterruptedException {
    context.offerTask();
    try {
      var result = run.handle(context, params);
      if (!context.isToBecomeTask()) {
        return result;
      }
    } catch (CancellationException e) {
      if (!context.isToBecomeTask()) {
        throw e;
      }
    }
    return start(context, tool, params);
  }

  /// What would be refused at once is.
  private JsonNode create(CallContext context, Tool tool, ObjectNode params)
      throws InterruptedException {
    return isRefused(context, tool, params)
        ? run.handle(context, params)
        : start(context, tool, params);
  }

  private static boolean isRefused(CallContext context, Tool tool, ObjectNode params) {
    try {
      tool.bind(new Params(params).object("arguments"));
    } catch (InvalidArguments e) {
      return true;
    }
    for (ClientCapability need : tool.needs()) {
      if (!context.supports(need)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode start(CallContext context, Tool tool, ObjectNode params)
      throws InterruptedException {
    var call = params.deepCopy();
    call.remove("task");
    call.remove("inputResponses");
    call.remove("requestState");
    return TasksExtension.created(
        context.tasks().start(tool, call, context.tasks().policy().ttl(null)));
  }
}
