package trunkline.task;

import trunkline.signal.InstanceId;

/// One run of a task by one instance. Every write of a run names it, so a former one is refused.
///
/// @param attempt 1-based
public record TaskRun(TaskKey task, InstanceId executor, int attempt) {}
