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

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
