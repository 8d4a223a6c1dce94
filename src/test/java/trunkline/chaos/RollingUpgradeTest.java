package trunkline.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.testing.FormerRelease;
import trunkline.testing.Release;

/// Goal: a former release and this one serve side by side on one schema while one takes the other's
/// place, and clients notice nothing but a reconnect (G4). Method: the engine of `./trunkline
/// chaos` on instances of both releases, which leave, are killed and lose their connections.
@Tag("cluster")
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class RollingUpgradeTest {
  private static final int PATIENCE = 150;
  private static final Narrator NARRATOR = new Narrator(System.out);

  @TempDir private Path folder;

  /// The last one; with `-Dtrunkline.upgrade=all` each that may run beside this one.
  private static Stream<FormerRelease> formerReleases() {
    return "all".equals(System.getProperty("trunkline.upgrade"))
        ? Stream.of(FormerRelease.values())
        : Stream.of(FormerRelease.LAST);
  }

  /// The first of this release migrates under the hands of two that run. Then one of the former
  /// release starts on the schema that is newer than its own, and stays until all have gone.
  @ParameterizedTest
  @MethodSource("formerReleases")
  void this_release_joins_a_former_one_which_leaves(FormerRelease former) throws Exception {
    try (var stage = new Stage(folder, false)) {
      install(former.release(), stage.seats());
      stage.open(NARRATOR);
      assertThat(schema(stage)).isEqualTo(former.schema());
      install(Release.current(), List.of(stage.seats().getFirst(), stage.seats().getLast()));

      var report =
          play(
              stage,
              former + " first",
              new Step(2, Fault.LEAVE, 0, 0),
              new Step(8, Fault.DROP_CONNECTIONS, 0, 0),
              new Step(11, Fault.KILL, 1, 0),
              new Step(18, Fault.LEAVE, 0, 0),
              new Step(25, Fault.LEAVE, 2, 0));

      assertThat(report.isClean()).as(report.page()).isTrue();
      assertThat(schema(stage)).isGreaterThan(former.schema());
    }
  }

  /// Two of the former release start on a newer schema, and take over what this one leaves behind.
  @Test
  void the_former_release_joins_this_one_and_leaves_again() throws Exception {
    try (var stage = new Stage(folder, false)) {
      install(FormerRelease.LAST.release(), stage.seats().subList(1, 3));
      stage.open(NARRATOR);
      assertThat(schema(stage)).isGreaterThan(FormerRelease.LAST.schema());

      var report =
          play(
              stage,
              "this release first",
              new Step(2, Fault.LEAVE, 0, 0),
              new Step(8, Fault.KILL, 0, 0),
              new Step(15, Fault.LEAVE, 1, 0));

      assertThat(report.isClean()).as(report.page()).isTrue();
    }
  }

  private static void install(Release release, List<Seat> seats) {
    seats.forEach(seat -> seat.install(release));
  }

  private static Report play(Stage stage, String title, Step... steps) throws InterruptedException {
    try (var run = new Run(stage, NARRATOR)) {
      var end = steps[steps.length - 1].at() + 6;
      var report = run.play(title, new Plan(1, end, PATIENCE, true, List.of(steps)));
      if (!report.isClean()) {
        stage.keepLogs();
      }
      return report;
    }
  }

  /// The newest migration that has run.
  private static String schema(Stage stage) throws SQLException {
    try (var connection = stage.connect();
        var statement = connection.createStatement();
        var version =
            statement.executeQuery(
                "select max(version) from trunkline.flyway_schema_history where success")) {
      version.next();
      return version.getString(1);
    }
  }
}
