package trunkline.task;

/// One run of a task by one instance. Whatever a run writes names it, so a former one is refused.
///
/// @param run the how-manyth, from 1
public record TaskRun(long task, int executor, int run) {}
