package trunkline.protocol.method;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.InvalidArguments;
import trunkline.feature.Invocation;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.run.Method;
import trunkline.protocol.wire.Params;

/// `tools/list` and `tools/call`.
final class ToolMethods {
  private final EnabledFeatures features;
  private final HandlerErrors errors;
  private final TaskCreation alone;

  ToolMethods(EnabledFeatures features, HandlerErrors errors) {
    this.features = features;
    this.errors = errors;
    this.alone = new TaskCreation(features, this::run);
  }

  JsonNode list(CallContext context, ObjectNode params) {
    return features.tools(context.revision(), params);
  }

  /// The method `tools/call`.
  Method call() {
    return new Method() {
      @Override
      public JsonNode handle(CallContext context, ObjectNode params) throws InterruptedException {
        return call(context, params);
      }

      @Override
      public boolean isRetryable(ObjectNode params) {
        return ToolMethods.this.isRetryable(params);
      }
    };
  }

  /// Runs the tool, or makes a task of it; a server without tasks ignores the wish for one.
  private JsonNode call(CallContext context, ObjectNode params) throws InterruptedException {
    if (context.revision().isStateless()) {
      return alone.call(context, params);
    }
    if (!context.revision().hasTasks() || !features.catalog().hasTasks()) {
      return run(context, params);
    }
    var tool = features.tool(new Params(params).string("name"));
    if (params.hasNonNull("task")) {
      if (tool.tasks() == TaskSupport.FORBIDDEN) {
        throw RpcException.methodNotFound("tool " + tool.name() + " cannot be run as a task");
      }
      return TaskMethods.create(context, tool, params);
    }
    if (tool.tasks() == TaskSupport.REQUIRED) {
      throw RpcException.methodNotFound(
          "tool " + tool.name() + " can only be run as a task: add \"task\": {} to params");
    }
    return run(context, params);
  }

  /// Runs the tool.
  JsonNode run(CallContext context, ObjectNode params) throws InterruptedException {
    var given = new Params(params);
    var tool = features.tool(given.string("name"));
    var call = new Invocation.ToolCall(tool, given.object("arguments"), context);
    Tool.Bound bound;
    try {
      bound = tool.bind(call.arguments());
    } catch (InvalidArguments e) {
      var problem = "Invalid arguments for tool " + tool.name() + ": " + e.getMessage();
      if (!context.revision().inputErrorsAreToolErrors()) {
        throw RpcException.invalidParams(problem);
      }
      return context.revision().spell(ToolResult.error(problem));
    }
    return context.revision().spell(run(call, bound, context));
  }

  /// A failing tool is a result that the model reads and may react to, not a failed request.
  private ToolResult run(Invocation.ToolCall call, Tool.Bound bound, CallContext context)
      throws InterruptedException {
    var tool = call.tool();
    return errors.guard(
        context,
        call,
        changed -> {
          for (var need : tool.needs()) {
            if (!context.supports(need)) {
              throw new CapabilityMissing(need);
            }
          }
          return bound(call, bound, changed).run(changed.context());
        },
        problem -> ToolResult.error(problem.orElse("The tool " + tool.name() + " failed.")));
  }

  /// An interceptor may go on with arguments of its own, but with no other tool.
  private static Tool.Bound bound(
      Invocation.ToolCall call, Tool.Bound bound, Invocation<ToolResult> changed) {
    if (changed.equals(call)) {
      return bound;
    }
    if (!(changed instanceof Invocation.ToolCall other) || !other.tool().equals(call.tool())) {
      throw new IllegalStateException("an interceptor went on with another tool");
    }
    try {
      return other.tool().bind(other.arguments());
    } catch (InvalidArguments e) {
      throw new ToolFailed(
          "Invalid arguments for tool " + other.tool().name() + ": " + e.getMessage());
    }
  }

  /// Unknown tools are refused wherever they are called.
  private boolean isRetryable(ObjectNode params) {
    return features.findTool(params.path("name").asString("")).map(Tool::retryable).orElse(true);
  }
}
