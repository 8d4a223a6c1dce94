package trunkline.protocol.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Response;
import trunkline.task.DetailedTask;
import trunkline.task.Task;
import trunkline.task.TaskPolicy;
import trunkline.task.TaskStatus;

/// Tasks as the extension of 2026-07-28 spells them; what 2025-11-25 writes is [TaskSpelling]'s.
public final class TasksExtension {
  public static final String NAME = "io.modelcontextprotocol/tasks";

  private TasksExtension() {}

  /// The answer to a call that became a task.
  public static ObjectNode created(Task task) {
    var json = Codec.object().put("resultType", "task");
    return describe(json, task, task.status(), task.message());
  }

  /// A task with its result, its error, or the questions that it waits for.
  public static ObjectNode json(DetailedTask detailed) {
    var task = detailed.task();
    var status = status(detailed);
    // what a tool complains of is its result, and nothing about the task
    var message = status == TaskStatus.COMPLETED ? null : task.message();
    var json = describe(Codec.object(), task, status, message);
    switch (detailed.outcome().orElse(null)) {
      case Response.Success(var _, ObjectNode result) ->
          json.set("result", TaskSpelling.unmarked(result).put("resultType", "complete"));
      case Response.Success(var _, var result) -> json.set("result", result);
      case Response.Failure(var _, var error) -> json.set("error", error.json());
      case null -> {}
    }
    if (status == TaskStatus.INPUT_REQUIRED) {
      var requests = json.putObject("inputRequests");
      for (var asked : detailed.questions()) {
        var request = requests.putObject(asked.name()).put("method", asked.method());
        var params = TaskSpelling.unmarked(asked.params());
        if (!params.isEmpty()) {
          request.set("params", params);
        }
      }
    }
    return json;
  }

  /// A tool's result that says it failed is a result here. A question whose time is over is none.
  private static TaskStatus status(DetailedTask detailed) {
    return switch (detailed.task().status()) {
      case FAILED ->
          detailed.outcome().orElse(null) instanceof Response.Success
              ? TaskStatus.COMPLETED
              : TaskStatus.FAILED;
      case INPUT_REQUIRED ->
          detailed.questions().isEmpty() ? TaskStatus.WORKING : TaskStatus.INPUT_REQUIRED;
      case WORKING, COMPLETED, CANCELLED -> detailed.task().status();
    };
  }

  private static ObjectNode describe(
      ObjectNode json, Task task, TaskStatus status, @Nullable String message) {
    json.put("taskId", task.id().value());
    json.put("status", status.wire());
    Optional.ofNullable(message).ifPresent(text -> json.put("statusMessage", text));
    json.put("createdAt", task.createdAt().toString());
    json.put("lastUpdatedAt", task.updatedAt().toString());
    json.put("ttlMs", task.ttl().toMillis());
    json.put("pollIntervalMs", TaskPolicy.POLL_INTERVAL.toMillis());
    return json;
  }
}
