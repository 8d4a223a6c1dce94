package trunkline.cli;

import java.io.PrintStream;
import trunkline.DatabaseAccess;
import trunkline.cluster.DatabaseInspection;
import trunkline.config.DatabaseChoice;
import trunkline.config.Refusal;
import trunkline.schema.MigrationPatience;
import trunkline.schema.MigrationPlan;
import trunkline.schema.MigrationScript;
import trunkline.schema.Migrations;
import trunkline.store.Database;

/// `./trunkline migrate`: the schema brought up to date, or what that would do.
final class MigrateCommand {
  private MigrateCommand() {}

  static int run(CommandLine.Run run, DatabaseChoice choice, PrintStream out, PrintStream err) {
    if (run.switches().size() > 1) {
      throw new Refusal("migrate takes one of " + String.join(", ", run.switches().keySet()));
    }
    if (run.has("--dry-run") || run.has("--print")) {
      try (var access = DatabaseAccess.openExisting(choice)) {
        var plan = migrations(access, err).plan();
        out.print(run.has("--print") ? MigrationScript.of(plan) : described(plan));
        return 0;
      }
    }
    try (var access = DatabaseAccess.open(choice)) {
      var ran = migrations(access, err).migrate();
      out.println(
          ran == 0
              ? "The schema is up to date."
              : "The schema is up to date: " + ran + " migrated.");
      if (run.has("--restored")) {
        noteRestored(access, out);
      }
      return 0;
    }
  }

  /// Waits for readers of the tables for as long as they read: whoever runs it sees for whom.
  private static Migrations migrations(DatabaseAccess access, PrintStream err) {
    return new Migrations(
        access.connections(), MigrationPatience.endless(wait -> err.println("trunkline: " + wait)));
  }

  private static void noteRestored(DatabaseAccess access, PrintStream out) {
    try (var database = new Database(access.connections(), "trunkline-migrate")) {
      new DatabaseInspection(database, _ -> {}).noteRestored();
    }
    out.println(
        "The database counts as restored: instances register anew, clients are told of the gap.");
  }

  static String described(MigrationPlan plan) {
    var text = new StringBuilder();
    for (var step : plan.pending()) {
      text.append(
          "%s  %-8s  %s%n     for        %s%n     meanwhile  %s%n"
              .formatted(
                  step.version(),
                  step.isBreaking() ? "BREAKING" : "rolling",
                  step.description(),
                  step.purpose(),
                  step.meanwhile()));
    }
    var breaking = plan.pending().stream().filter(MigrationPlan.Step::isBreaking).count();
    return text.append(
            plan.pending().isEmpty()
                ? "The schema is up to date; nothing would run.\n"
                : "%d migrations would run, %d of them breaking; nothing was.%n"
                    .formatted(plan.pending().size(), breaking))
        .toString();
  }
}
