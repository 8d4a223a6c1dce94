package trunkline.protocol;

import java.util.concurrent.CancellationException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.InvalidArguments;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.RpcException;
import trunkline.session.SessionLimitReached;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// `tools/list` and `tools/call`.
final class ToolMethods {
  private final EnabledFeatures offer;
  private final EventSink events;

  ToolMethods(EnabledFeatures offer, EventSink events) {
    this.offer = offer;
    this.events = events;
  }

  JsonNode list(CallContext context, ObjectNode params) {
    return offer.tools(context.revision(), params);
  }

  /// Runs the tool, or makes a task of it; a server without tasks ignores that one is asked for.
  JsonNode call(CallContext context, ObjectNode params) throws InterruptedException {
    if (!context.revision().hasTasks() || !offer.catalog().hasTasks()) {
      return run(context, params);
    }
    var tool = offer.tool(new Params(params).string("name"));
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
    var tool = offer.tool(given.string("name"));
    Tool.Bound bound;
    try {
      bound = tool.bind(given.object("arguments"));
    } catch (InvalidArguments e) {
      var problem = "Invalid arguments for tool " + tool.name() + ": " + e.getMessage();
      if (!context.revision().inputErrorsAreToolErrors()) {
        throw RpcException.invalidParams(problem);
      }
      return Rendering.result(ToolResult.error(problem), context.revision());
    }
    return Rendering.result(run(tool, bound, context), context.revision());
  }

  /// A failing tool is a result that the model reads and may react to, not a failed request.
  private ToolResult run(Tool tool, Tool.Bound bound, CallContext context)
      throws InterruptedException {
    try {
      for (var need : tool.needs()) {
        if (!context.supports(need)) {
          throw new CapabilityMissing(need);
        }
      }
      return bound.run(context);
    } catch (RpcException | DatabaseUnavailable | CancellationException e) {
      throw e;
    } catch (InterruptedException e) {
      throw e;
    } catch (UrlElicitationRequired e) {
      if (context.supports(ClientCapability.ELICITATION_URL)) {
        throw context.required(e);
      }
      return ToolResult.error(HandlerErrors.unopened(e));
    } catch (ToolFailed
        | CapabilityMissing
        | ClientRequestFailed
        | SessionLimitReached
        | MessageTooLarge e) {
      return ToolResult.error(String.valueOf(e.getMessage()));
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      events.emit(new ServerEvent.HandlerFailed("tools/call", tool.name(), HandlerErrors.place(e)));
      return ToolResult.error("The tool " + tool.name() + " failed.");
    }
  }
}
