package trunkline.protocol.wire;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.task.Task;
import trunkline.task.TaskId;
import trunkline.task.TaskPolicy;

/// Tasks as 2025-11-25 spells them.
public final class TaskSpelling {
  private static final String KEY = "io.modelcontextprotocol/related-task";

  private TaskSpelling() {}

  /// A copy that names its task: for requests, notifications and results, but not for what names
  /// the task anyway (MCP 2025-11-25, Tasks, Associating Task-Related Messages).
  public static ObjectNode mark(ObjectNode json, TaskId task) {
    var marked = json.deepCopy();
    var meta = marked.get("_meta") instanceof ObjectNode given ? given : marked.putObject("_meta");
    meta.putObject(KEY).put("taskId", task.value());
    return marked;
  }

  /// A copy that does not name it: the extension of 2026-07-28 has no such mark.
  static ObjectNode unmarked(ObjectNode json) {
    var unmarked = json.deepCopy();
    if (unmarked.get("_meta") instanceof ObjectNode meta) {
      meta.remove(KEY);
      if (meta.isEmpty()) {
        unmarked.remove("_meta");
      }
    }
    return unmarked;
  }

  /// A client's view of a task.
  public static ObjectNode json(Task task) {
    var json = Codec.object();
    json.put("taskId", task.id().value());
    json.put("status", task.status().wire());
    Optional.ofNullable(task.message()).ifPresent(text -> json.put("statusMessage", text));
    json.put("createdAt", task.createdAt().toString());
    json.put("lastUpdatedAt", task.updatedAt().toString());
    json.put("ttl", task.ttl().toMillis());
    json.put("pollInterval", TaskPolicy.POLL_INTERVAL.toMillis());
    return json;
  }
}
