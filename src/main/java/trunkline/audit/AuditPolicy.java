package trunkline.audit;

import java.time.Duration;
import java.util.Set;

/// What is recorded, and for how long.
///
/// @param age how long a record is kept at least
/// @param kinds what is recorded
/// @param patience how long an answer waits for its record when there is none without
public record AuditPolicy(AuditMode mode, Duration age, Set<AuditKind> kinds, Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  public AuditPolicy {
    kinds = Set.copyOf(kinds);
  }

  public static AuditPolicy of(AuditMode mode, Duration age, Set<AuditKind> kinds) {
    return new AuditPolicy(mode, age, kinds, PATIENCE);
  }

  boolean records(AuditKind kind) {
    return mode != AuditMode.OFF && kinds.contains(kind);
  }
}
