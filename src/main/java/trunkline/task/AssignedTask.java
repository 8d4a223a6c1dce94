package trunkline.task;

import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;

/// A task together with its latest run, and with all that the run's executor needs to run it.
///
/// @param request the call's parameters
/// @param recollection what the call had asked and done before it became a task; null: nothing
/// @param rerunnable whether another instance may run it again
/// @param begun how many of its runs had begun before
@SuppressWarnings("ArrayRecordComponent")
public record AssignedTask(
    Task task,
    TaskRun run,
    TaskOrigin origin,
    byte[] request,
    byte @Nullable [] recollection,
    boolean rerunnable,
    int begun) {

  /// Whether this instance may begin to run it: it was not ended or taken over.
  public boolean isToBegin(InstanceId instance) {
    return run.executor().equals(instance) && run.attempt() == 1 && !task.status().isTerminal();
  }
}
