package trunkline.doctor;

import java.util.List;
import trunkline.store.Rights;

/// Whether the role may do all that an instance does; what it lacks, as statements.
final class RoleRights {
  private static final String NAME = "rights";
  private static final String SCHEMA = "trunkline";

  /// Ours names each schema, and is not misled.
  private static final Finding NAMESAKE =
      Finding.note(
          "role's name",
          "the role is called like the schema, where \"$user\" leads by default: whatever else logs in"
              + " as it finds Trunkline's tables first and creates its own among them",
          "let other programs log in as a role of another name, or"
              + " ALTER ROLE trunkline SET search_path = public");

  private RoleRights() {}

  static List<Finding> look(Patient patient) {
    var role = patient.connections().settings().user();
    var rights =
        patient
            .ask(Rights::lacking)
            .map(lacking -> Finding.said(NAME, Verdict.FAULT, lacking))
            .orElseGet(
                () -> Finding.ok(NAME, "role %s may do all that an instance does".formatted(role)));
    return role.equals(SCHEMA) ? List.of(rights, NAMESAKE) : List.of(rights);
  }
}
