package trunkline.doctor;

import java.util.List;
import trunkline.store.Rights;

/// Whether the role may do all that an instance does; what it lacks, as statements.
final class RoleRights {
  private static final String NAME = "rights";

  private RoleRights() {}

  static List<Finding> look(Patient patient) {
    return List.of(
        patient
            .ask(Rights::lacking)
            .map(lacking -> Finding.said(NAME, Verdict.FAULT, lacking))
            .orElseGet(() ->
                Finding.ok(
                    NAME,
                    "role %s may do all that an instance does"
                        .formatted(patient.connections().settings().user()))));
  }
}
