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

  /// The wire's spelling: `warning`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether a client that asked for the minimum wants this level.
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
