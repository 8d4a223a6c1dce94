package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: whatever is made of valid requests, the answer is one of a few, comes soon, is no defect
/// of ours and names nothing of our insides. Method: clients that keep their connections, each with
/// a generator of its own; `FuzzedAnswers` judges.
///
/// `-Dtrunkline.fuzz.seed=7` repeats what a run printed, `-Dtrunkline.fuzz.minutes=10` goes on for
/// so long; the file src/test/README.md says how.
@Tag("cluster")
@Timeout(value = 2, unit = TimeUnit.HOURS)
class FuzzTest {
  private static final int DOCUMENTS = Integer.getInteger("trunkline.fuzz.documents", 10_000);
  private static final Duration TIME =
      Duration.ofMinutes(Integer.getInteger("trunkline.fuzz.minutes", 0));
  private static final int CLIENTS = 16;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

  /// Of those that the parser should let through, so that what is behind it is tried.
  private static final double PARSED_MIN = 0.6;

  private final long seed = Long.getLong("trunkline.fuzz.seed", new Random().nextInt(1_000_000));

  @Test
  void whatever_is_made_of_valid_requests_gets_one_of_a_few_answers(TestCluster cluster)
      throws Exception {
    cluster
        .with(FuzzTools.catalog())
        .with("trusted-principal-header", "X-Forwarded-User")
        .with("trusted-proxies", "127.0.0.0/8")
        .keeping(FuzzTest::isDefect);
    var instance = cluster.start("a");
    var answers = new FuzzedAnswers();

    var end = System.nanoTime() + TIME.toNanos();
    var round = 0;
    do {
      var begun = System.nanoTime();
      round(instance, answers, seed + (long) round * CLIENTS);
      round++;
      System.out.printf(
          "fuzz: round %d took %d s, %d answers so far, heap %d MB%n",
          round,
          Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
          answers.count(),
          heapMegabytes());
    } while (System.nanoTime() - end < 0);

    System.out.println("fuzz: seed " + seed + ", " + answers);
    assertThat(instance.events().all(ServerEvent.class)).as("defects").isEmpty();
    assertThat(answers.faults()).as("seed %d", seed).isEmpty();
    assertThat(answers.slowest()).isLessThan(ANSWER_MAX);
    assertThat(answers.parsed()).isGreaterThan(PARSED_MIN);
  }

  private static boolean isDefect(ServerEvent event) {
    return switch (event) {
      case ServerEvent.RequestFailed _,
          ServerEvent.HandlerFailed _,
          ServerEvent.CallFailed _,
          ServerEvent.SweepFailed _,
          ServerEvent.RowSetAside _ ->
          true;
      default -> false;
    };
  }

  private static void round(Instance instance, FuzzedAnswers answers, long from) throws Exception {
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var talks = new ArrayList<Future<?>>();
      for (var client = 0; client < CLIENTS; client++) {
        var own = from + client;
        talks.add(
            clients.submit(() -> {
              try (var talk = new FuzzingClient(instance, answers, own)) {
                talk.talk(DOCUMENTS / CLIENTS);
              }
              return null;
            }));
      }
      for (var each : talks) {
        each.get();
      }
    }
  }

  /// Of clients and instance together, when what is garbage is gone.
  private static long heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }
}
