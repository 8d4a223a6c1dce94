package trunkline.feature;

import java.util.Locale;
import java.util.Optional;

/// How much a log message matters, from the least to the most; the levels of syslog.
public enum Severity {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  public String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Severity> find(String json) {
    for (var severity : values()) {
      if (severity.json().equals(json)) {
        return Optional.of(severity);
      }
    }
    return Optional.empty();
  }
}
