package trunkline.protocol;

import tools.jackson.databind.node.ObjectNode;
import trunkline.task.TaskId;

/// Marks what belongs to a task: requests, notifications and results, but not what names the task
/// anyway (MCP 2025-11-25, Tasks, Associating Task-Related Messages).
final class RelatedTask {
  private static final String KEY = "io.modelcontextprotocol/related-task";

  private RelatedTask() {}

  /// A copy that says so.
  static ObjectNode mark(ObjectNode json, TaskId task) {
    var marked = json.deepCopy();
    var meta = marked.get("_meta") instanceof ObjectNode given ? given : marked.putObject("_meta");
    meta.putObject(KEY).put("taskId", task.value());
    return marked;
  }
}
