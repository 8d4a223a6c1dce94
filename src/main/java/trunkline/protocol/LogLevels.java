package trunkline.protocol;

import trunkline.feature.Severity;
import trunkline.session.LogLevel;

/// The levels as handlers know them and as sessions store them: the same eight.
final class LogLevels {
  private LogLevels() {}

  static LogLevel of(Severity severity) {
    return LogLevel.valueOf(severity.name());
  }
}
