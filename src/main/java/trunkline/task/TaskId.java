package trunkline.task;

import java.util.Optional;
import trunkline.jsonrpc.OpaqueId;

/// A client's name for a task; possession of it is not authorization.
public record TaskId(String value) {
  public TaskId {
    OpaqueId.require("task", value);
  }

  /// An unguessable id.
  public static TaskId random() {
    return new TaskId(OpaqueId.random());
  }

  /// Ids are untrusted: a malformed one is that of no task, not an error.
  public static Optional<TaskId> parse(String text) {
    return OpaqueId.matches(text) ? Optional.of(new TaskId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
