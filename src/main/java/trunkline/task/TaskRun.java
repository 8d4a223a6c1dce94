package trunkline.task;

import trunkline.signal.InstanceId;

/// One run of a task by one instance. Whatever a run writes names it, so a former one is refused.
///
/// @param attempt 1-based
public record TaskRun(TaskKey task, InstanceId executor, int attempt) {}
