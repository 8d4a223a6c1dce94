package trunkline.doctor;

import java.util.Locale;

/// How bad a finding is.
public enum Verdict {
  OK,
  /// Worth knowing; nothing has to be done.
  NOTE,
  /// Something is or will be slow, or will stop working.
  WARNING,
  /// Instances do not start, or break a promise.
  FAULT;

  /// Whether somebody has to act.
  public boolean calls() {
    return this == WARNING || this == FAULT;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
