package trunkline.jsonrpc;

import java.util.Locale;
import java.util.Optional;

/// MCP's log levels (RFC 5424), the least urgent first.
public enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  /// As it is written in a message: `warning`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether a message of this level is wanted by who asked for at least the minimum.
  public boolean reaches(LogLevel minimum) {
    return compareTo(minimum) >= 0;
  }

  public static Optional<LogLevel> parse(String text) {
    for (var level : values()) {
      if (level.text().equals(text)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
