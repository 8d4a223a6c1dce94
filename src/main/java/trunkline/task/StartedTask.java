package trunkline.task;

/// A task and its latest run.
public record StartedTask(Task task, TaskRun run) {
  /// Whether this instance may begin to run it: nobody has ended it or taken it over.
  public boolean isToBegin(int instance) {
    return run.executor() == instance && run.run() == 1 && !task.status().isTerminal();
  }
}
