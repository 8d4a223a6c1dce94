package trunkline.audit;

/// How strictly the record is kept.
public enum AuditMode {
  /// Nothing is recorded.
  OFF,
  /// Recorded soon after the answer; what an instance had not written yet is lost when it is
  /// killed.
  ON,
  /// Recorded before the answer, or there is no answer.
  STRICT
}
