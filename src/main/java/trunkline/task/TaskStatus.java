package trunkline.task;

import java.util.Arrays;

/// The state of a task (MCP 2025-11-25, Tasks, Task Status Lifecycle).
///
/// ```
///   working ⇄ input_required ──▶ completed | failed | cancelled, for ever
/// ```
public enum TaskStatus {
  WORKING("working"),
  /// It asked its client something and waits.
  INPUT_REQUIRED("input_required"),
  COMPLETED("completed"),
  /// With a JSON-RPC error, or with a tool's result that is one.
  FAILED("failed"),
  CANCELLED("cancelled");

  private final String wire;

  TaskStatus(String wire) {
    this.wire = wire;
  }

  /// As the wire and the table spell it.
  public String wire() {
    return wire;
  }

  public boolean isTerminal() {
    return switch (this) {
      case WORKING, INPUT_REQUIRED -> false;
      case COMPLETED, FAILED, CANCELLED -> true;
    };
  }

  static TaskStatus of(String wire) {
    return Arrays.stream(values())
        .filter(status -> status.wire.equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no status of a task: " + wire));
  }
}
