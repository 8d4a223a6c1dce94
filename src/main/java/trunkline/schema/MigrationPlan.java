package trunkline.schema;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;

/// What a migration would do now. Nothing is run for it, and nothing changed.
///
/// @param database its name
/// @param version the newest migration that has run; empty when none has
/// @param rank of the newest row in the history of migrations; 0 when there is none
/// @param hasHistory whether there is a history of migrations, and so a schema of ours
/// @param pending what would run, in this order
/// @param newer what has run and this release does not know
public record MigrationPlan(
    String database,
    Optional<String> version,
    int rank,
    boolean hasHistory,
    List<Step> pending,
    List<String> newer) {

  public MigrationPlan {
    pending = List.copyOf(pending);
    newer = List.copyOf(newer);
  }

  /// One migration.
  ///
  /// @param checksum as the history has it
  /// @param text the file
  public record Step(String version, String description, String script, int checksum, String text) {

    /// `-- Rolling: …`, to the next header or the first line that is no comment.
    private static final Pattern HEADER =
        Pattern.compile(
            "(?m)^-- (Purpose|Rolling|Breaking|Check): (.*(?:\\R-- (?![A-Z][a-z]+: ).*)*)");

    /// Whether instances of the release before would not survive it.
    public boolean isBreaking() {
      return header("Breaking").isPresent();
    }

    /// What it is for, in its own words.
    public String purpose() {
      return header("Purpose").orElse(description);
    }

    /// What it means for the instances that run meanwhile, in its own words.
    public String meanwhile() {
      return header("Breaking").or(() -> header("Rolling")).orElse("");
    }

    private Optional<String> header(String name) {
      return HEADER
          .matcher(text)
          .results()
          .filter(found -> found.group(1).equals(name))
          .map(found -> found.group(2).replaceAll("\\R-- ", " ").strip())
          .findFirst();
    }
  }

  static MigrationPlan of(String database, boolean hasHistory, MigrationInfoService info) {
    var applied = Arrays.stream(info.all()).filter(each -> each.getState().isApplied()).toList();
    return new MigrationPlan(
        database,
        applied.stream()
            .filter(each -> each.getVersion() != null)
            .max(MigrationInfo::compareTo)
            .map(each -> String.valueOf(each.getVersion())),
        applied.stream().mapToInt(MigrationPlan::rank).max().orElse(0),
        hasHistory,
        Arrays.stream(info.pending()).map(MigrationPlan::step).toList(),
        applied.stream()
            .filter(each -> !each.getState().isResolved() && each.getVersion() != null)
            .map(each -> each.getVersion() + " (" + each.getDescription() + ")")
            .toList());
  }

  private static int rank(MigrationInfo applied) {
    return Objects.requireNonNullElse(applied.getInstalledRank(), 0);
  }

  private static Step step(MigrationInfo pending) {
    return new Step(
        String.valueOf(pending.getVersion()),
        pending.getDescription(),
        pending.getScript(),
        Objects.requireNonNullElse(pending.getChecksum(), 0),
        MigrationFiles.text(pending.getScript()));
  }
}
