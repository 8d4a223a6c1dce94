package trunkline.protocol.method;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.AskedQuestion;
import trunkline.exchange.TaskInputId;
import trunkline.exchange.TaskQuestion;
import trunkline.feature.ClientCapability;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.wire.Params;
import trunkline.protocol.wire.TaskSpelling;
import trunkline.session.Principal;
import trunkline.task.Task;
import trunkline.task.TaskId;
import trunkline.task.TaskKey;
import trunkline.task.TaskStatus;

/// `tasks/get`, `tasks/result`, `tasks/list`, `tasks/cancel` and the calls that become tasks (MCP
/// 2025-11-25, Tasks).
final class TaskMethods {
  private static final int PAGE = 100;
  private static final String CURSOR = "task:";

  private TaskMethods() {}

  /// Runs a tool as a task and answers the task.
  static JsonNode create(CallContext context, Tool tool, ObjectNode params)
      throws InterruptedException {
    var wanted = ttl(new Params(params).required("task").json().get("ttl"));
    var call = params.deepCopy();
    call.remove("task");
    var task = context.tasks().start(tool, call, context.tasks().policy().ttl(wanted));
    var result = Codec.object();
    result.set("task", TaskSpelling.json(task));
    return result;
  }

  private static @Nullable Duration ttl(@Nullable JsonNode asked) {
    if (asked == null || asked.isNull()) {
      return null;
    }
    var millis = asked.isNumber() ? asked.doubleValue(Double.NaN) : Double.NaN;
    if (!(millis >= 1)) {
      throw RpcException.invalidParams("params.task.ttl must be a positive number of milliseconds");
    }
    return Duration.ofMillis((long) millis);
  }

  static JsonNode get(CallContext context, ObjectNode params) throws InterruptedException {
    return TaskSpelling.json(find(context, params));
  }

  static JsonNode cancel(CallContext context, ObjectNode params) throws InterruptedException {
    var cancelled = context.tasks().cancel(find(context, params).id());
    if (cancelled.isEmpty()) {
      var status = find(context, params).status().wire();
      throw RpcException.invalidParams("Cannot cancel the task: it is " + status + " already");
    }
    return TaskSpelling.json(cancelled.get());
  }

  /// Without authentication every client is the same principal, and none may see a list (MCP
  /// 2025-11-25, Tasks, Security).
  static JsonNode list(CallContext context, ObjectNode params) throws InterruptedException {
    requireTasks(context, "tasks/list");
    if (context.principal().equals(Principal.ANONYMOUS.name())) {
      throw RpcException.methodNotFound("tasks/list (only authenticated clients have a list)");
    }
    var after =
        new Params(params).findString("cursor").map(TaskMethods::after).orElse(TaskKey.BEFORE_ALL);
    var page = context.tasks().list(after, PAGE + 1);
    var result = Codec.object();
    var array = result.putArray("tasks");
    page.stream().limit(PAGE).forEach(task -> array.add(TaskSpelling.json(task)));
    if (page.size() > PAGE) {
      result.put("nextCursor", cursor(page.get(PAGE - 1).key()));
    }
    return result;
  }

  private static String cursor(TaskKey after) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((CURSOR + after).getBytes(StandardCharsets.US_ASCII));
  }

  /// An empty cursor is the beginning.
  private static TaskKey after(String cursor) {
    try {
      var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
      if (text.isEmpty()) {
        return TaskKey.BEFORE_ALL;
      }
      if (text.startsWith(CURSOR)) {
        return new TaskKey(Long.parseLong(text.substring(CURSOR.length())));
      }
    } catch (IllegalArgumentException e) {
      // neither Base64 nor a number: refused as below
    }
    throw RpcException.invalidParams("Invalid cursor");
  }

  /// Waits until the task has ended, and meanwhile puts its questions to its client.
  static JsonNode result(CallContext context, ObjectNode params) throws InterruptedException {
    var relayed = new HashMap<TaskInputId, AskedQuestion>();
    try {
      var task = find(context, params);
      while (!task.status().isTerminal()) {
        ask(context, task, relayed);
        context.tasks().awaitChange(task);
        task = find(context, params);
      }
      return outcome(context, task);
    } catch (InterruptedException | CancellationException e) {
      relayed.clear(); // the task still wants to know, and the client may still answer
      throw e;
    } finally {
      relayed.values().forEach(context.tasks()::withdraw);
    }
  }

  /// Relays new questions, withdraws those answered elsewhere or expired.
  private static void ask(CallContext context, Task task, Map<TaskInputId, AskedQuestion> relayed)
      throws InterruptedException {
    var open = new HashSet<TaskInputId>();
    if (task.status() == TaskStatus.INPUT_REQUIRED) {
      for (var question : context.tasks().questions(task)) {
        open.add(question.input());
        if (!relayed.containsKey(question.input()) && canAnswer(context, question)) {
          context
              .tasks()
              .relay(marked(question, task))
              .ifPresent(it -> relayed.put(question.input(), it));
        }
      }
    }
    relayed
        .entrySet()
        .removeIf(each -> {
          var over = !open.contains(each.getKey());
          if (over) {
            context.tasks().withdraw(each.getValue());
          }
          return over;
        });
  }

  /// What a client without a session asked for does not name its task.
  private static TaskQuestion marked(TaskQuestion question, Task task) {
    return new TaskQuestion(
        question.input(),
        question.method(),
        TaskSpelling.mark(question.params(), task.id()),
        question.patience());
  }

  /// Another session of the same principal may have declared less than the one that began the task.
  private static boolean canAnswer(CallContext context, TaskQuestion question) {
    return switch (question.method()) {
      case "elicitation/create" ->
          context.supports(
              question.params().path("mode").asString("").equals("url")
                  ? ClientCapability.ELICITATION_URL
                  : ClientCapability.ELICITATION);
      case "sampling/createMessage" ->
          context.supports(
              question.params().has("tools")
                  ? ClientCapability.SAMPLING_TOOLS
                  : ClientCapability.SAMPLING);
      case "roots/list" -> context.supports(ClientCapability.ROOTS);
      default -> true;
    };
  }

  private static JsonNode outcome(CallContext context, Task task) throws InterruptedException {
    return switch (context.tasks().outcome(task).orElse(null)) {
      case Response.Success(var _, ObjectNode result) -> TaskSpelling.mark(result, task.id());
      case Response.Success(var _, var result) -> result;
      case Response.Failure(var _, var error) -> throw new RpcException(error);
      case null ->
          throw new RpcException(
              new RpcError(
                  ErrorCode.INTERNAL_ERROR, "the task was cancelled, so it has no result"));
    };
  }

  private static Task find(CallContext context, ObjectNode params) throws InterruptedException {
    requireTasks(context, "tasks");
    var id = TaskId.parse(new Params(params).string("taskId"));
    var task = id.isPresent() ? context.tasks().find(id.get()) : Optional.<Task>empty();
    return task.orElseThrow(() ->
        RpcException.invalidParams(
            "Task not found: there is none of this id, or its time is over"));
  }

  private static void requireTasks(CallContext context, String method) {
    if (!context.revision().hasTasks()) {
      throw RpcException.methodNotFound(
          method + " (tasks are part of 2025-11-25, not of " + context.revision().version() + ")");
    }
  }
}
