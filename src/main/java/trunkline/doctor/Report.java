package trunkline.doctor;

import java.util.Comparator;
import java.util.List;

/// All findings, in the order of the checks.
///
/// @param looked whether every check that makes sense could be made
public record Report(boolean looked, List<Finding> findings) {
  public Report {
    findings = List.copyOf(findings);
  }

  /// What there is to say when nothing could be looked at.
  public static Report unreached(String why) {
    return new Report(false, List.of(Finding.said("database", Verdict.FAULT, why)));
  }

  /// The worst verdict.
  public Verdict worst() {
    return findings.stream()
        .map(Finding::verdict)
        .max(Comparator.naturalOrder())
        .orElse(Verdict.OK);
  }

  /// How many have this verdict.
  public long count(Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }
}
