package trunkline.task;

import trunkline.session.Principal;
import trunkline.session.SessionId;
import trunkline.signal.InstanceId;

/// A task together with its latest run, and with all that the run's executor needs to run it.
///
/// @param session of the client that asked for it
/// @param request the call's parameters
/// @param rerunnable whether another instance may run it again
/// @param begun how many of its runs had begun before
@SuppressWarnings("ArrayRecordComponent")
public record AssignedTask(
    Task task,
    TaskRun run,
    SessionId session,
    Principal principal,
    byte[] request,
    boolean rerunnable,
    int begun) {

  /// Whether this instance may begin to run it: it was not ended or taken over.
  public boolean isToBegin(InstanceId instance) {
    return run.executor().equals(instance) && run.attempt() == 1 && !task.status().isTerminal();
  }
}
