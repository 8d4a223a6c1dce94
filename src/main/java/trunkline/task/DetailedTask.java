package trunkline.task;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Response;

/// A task with what its client may want of it, as it was at one moment.
///
/// @param outcome the response that it ended with; empty when it was cancelled, or has not ended
/// @param questions that it waits for
public record DetailedTask(Task task, Optional<Response> outcome, List<Asked> questions) {
  /// One of its questions.
  ///
  /// @param name once in the life of the task
  public record Asked(String name, String method, ObjectNode params) {}
}
