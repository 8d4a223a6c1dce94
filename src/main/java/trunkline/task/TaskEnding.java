package trunkline.task;

import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Response;

/// The end of a task by a run.
///
/// @param message for people: why it failed
/// @param outcome the call's answer, encoded
@SuppressWarnings("ArrayRecordComponent")
public record TaskEnding(TaskStatus status, @Nullable String message, byte[] outcome) {
  public static TaskEnding completed(Response outcome) {
    return new TaskEnding(TaskStatus.COMPLETED, null, Codec.encode(outcome));
  }

  public static TaskEnding failed(String message, Response outcome) {
    return new TaskEnding(TaskStatus.FAILED, message, Codec.encode(outcome));
  }
}
