package trunkline.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.testing.History.Kind;

/// Goal: whatever an operator kills, cuts, restarts or crashes, every message that was acknowledged
/// comes once and in order, and every call ends (G1, G3). Method: the engine of `./trunkline chaos`
/// with a short script; and with bugs planted, to see that its verdict can be another one.
@Tag("cluster")
class ChaosTest {
  @TempDir private static Path folder;

  private static final int TRIES_MAX = 8;
  private static final Narrator NARRATOR = new Narrator(System.out);
  private static Stage stage;

  @BeforeAll
  static void openTheStage() {
    stage = new Stage(folder, false).open(NARRATOR);
  }

  @AfterAll
  static void closeTheStage() {
    stage.close();
  }

  /// A restart and a crash of the database, and one instance lost in each way.
  @Test
  void nothing_is_lost_doubled_or_inverted_by_any_fault() throws Exception {
    var script =
        List.of(
            new Step(1, Fault.CRASH_DATABASE, 0, 0),
            new Step(5, Fault.KILL, 0, 0),
            new Step(10, Fault.DROP_CONNECTIONS, 0, 0),
            new Step(12, Fault.FREEZE, 1, 5),
            new Step(18, Fault.RESTART_DATABASE, 0, 0),
            new Step(20, Fault.LEAVE, 2, 0),
            new Step(24, Fault.SILENCE, 1, 2),
            new Step(26, Fault.CUT_CLIENTS, 0, 0));
    try (var run = new Run(stage, NARRATOR)) {
      var report = run.play("a short run", new Plan(1, 28, 150, true, script));

      assertThat(report.isClean()).as(report.page()).isTrue();
      assertThat(report.verdict().delivered()).isPositive();
    }
  }

  /// On a busy machine few messages are sent in a few seconds; hence more than one try.
  @ParameterizedTest
  @EnumSource
  void a_planted_bug_is_found(Plant plant) throws Exception {
    stage.sql(plant.sql());
    try {
      var report = calm(plant);
      for (var i = 1; i < TRIES_MAX && report.found(expected(plant)) == 0; i++) {
        report = calm(plant);
      }

      assertThat(report.found(expected(plant))).as(report.page()).isPositive();
      assertThat(report.isClean()).isFalse();
    } finally {
      stage.sql(Plant.removal());
    }
  }

  private static Report calm(Plant plant) throws InterruptedException {
    try (var run = new Run(stage, NARRATOR)) {
      return run.play("with a bug: " + plant, Plan.calm(1, 4));
    }
  }

  private static Kind expected(Plant plant) {
    return switch (plant) {
      case LOST -> Kind.LOST;
      case DOUBLED -> Kind.DUPLICATE;
      case MISROUTED -> Kind.MISROUTED;
    };
  }
}
