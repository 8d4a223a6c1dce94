package trunkline.doctor;

import java.util.List;
import java.util.stream.Collectors;
import trunkline.schema.MigrationNeeded;
import trunkline.schema.MigrationPatience;
import trunkline.schema.MigrationPlan.Step;
import trunkline.schema.Migrations;

/// Whether the schema is ours and as old as this release.
final class SchemaVersion {
  private static final String NAME = "schema";

  private SchemaVersion() {}

  static List<Finding> look(Patient patient) {
    var migrations = new Migrations(patient.connections(), MigrationPatience.endless(_ -> {}));
    try {
      var plan = migrations.plan();
      if (!plan.pending().isEmpty()) {
        var lacking = plan.pending().stream().map(Step::version).collect(Collectors.joining(", "));
        return List.of(
            Finding.fault(
                NAME,
                "the schema of database %s lacks %s".formatted(plan.database(), lacking),
                "./trunkline migrate as its owner (--dry-run shows what that does, --print the SQL)"));
      }
      migrations.validate();
      return List.of(
          plan.newer().isEmpty()
              ? Finding.ok(NAME, "it is at " + plan.version().orElse("nothing"))
              : Finding.note(
                  NAME,
                  "it is newer than this release, by " + String.join(", ", plan.newer()),
                  "nothing, while instances are upgraded; else run the release that wrote it"));
    } catch (MigrationNeeded e) {
      return List.of(Finding.said(NAME, Verdict.FAULT, String.valueOf(e.getMessage())));
    }
  }
}
