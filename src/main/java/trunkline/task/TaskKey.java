package trunkline.task;

/// The database's key of a task; keys rise in the order in which tasks were created.
public record TaskKey(long value) {
  /// Lower than the key of any task.
  public static final TaskKey BEFORE_ALL = new TaskKey(0);

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
