package trunkline.task;

/// A task and the run that may write it.
public record StartedTask(Task task, TaskRun run) {}
