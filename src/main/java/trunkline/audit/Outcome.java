package trunkline.audit;

import java.util.Locale;

/// The ends of what is recorded. A new one needs no migration.
public enum Outcome {
  OK,
  /// It asked its client something by ending (MCP 2026-07-28); the answer is another request.
  ASKED,
  /// It goes on as a task, whose end is a record of its own.
  TASK,
  /// The tool's result says that it failed.
  TOOL_ERROR,
  /// The same, because it was stopped for the time that it took.
  TIMED_OUT,
  /// A JSON-RPC error.
  ERROR,
  CANCELLED,
  /// Who asks may not.
  DENIED,
  /// One too many for now.
  LIMITED,
  /// Against the protocol, or about something that there is not.
  REFUSED,
  /// The database, or memory, was short.
  UNAVAILABLE,
  /// A defect of ours.
  FAILED,
  /// Left to another instance, whose run is a record of its own.
  HANDED_ON,
  /// Its instance was lost, and it may not run again.
  LOST,
  /// Of the record itself: so many are missing.
  NOT_RECORDED;

  private final String text = name().toLowerCase(Locale.ROOT).replace('_', ' ');

  /// As it is recorded and counted.
  public String text() {
    return text;
  }

  /// Whether somebody who asked got an error instead of what they asked for, and not because they
  /// may not have it.
  public boolean isFailure() {
    return switch (this) {
      case TOOL_ERROR, TIMED_OUT, ERROR, UNAVAILABLE, FAILED, LOST -> true;
      case OK, ASKED, TASK, CANCELLED, DENIED, LIMITED, REFUSED, HANDED_ON, NOT_RECORDED -> false;
    };
  }
}
