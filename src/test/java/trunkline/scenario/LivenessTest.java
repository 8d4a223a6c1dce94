package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.telemetry.Pulse;
import trunkline.testing.Debugger;
import trunkline.testing.InstanceProcess;
import trunkline.testing.Proxy;
import trunkline.testing.TestCluster;

/// Goal: an instance with a thread that hangs says so and which one, so that it is started anew;
/// one whose threads have nothing to do, or whose database is away, is not. Method: a debugger
/// halts each thread wherever it is.
@Tag("cluster")
@Timeout(240)
class LivenessTest {
  /// Whoever is late on a busy machine is well a moment later.
  private static final Duration BOUND = Duration.ofMillis(700);

  /// To connect, for which the start has only these too, and for an answer; 3 s and 8 s in the
  /// product.
  private static final String TIME_OUTS = "connectTimeout=4&loginTimeout=4&socketTimeout=4";

  /// These, the 3 s of the pool, and a busy machine.
  private static final Duration OUTAGE_BOUND = Duration.ofSeconds(12);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Platform threads that serve by number or are idle between two questions are like these.
  private static final List<String> THREADS =
      List.of(
          "trunkline-heartbeat",
          "trunkline-publish-0",
          "trunkline-read-live",
          "trunkline-read-catch-up",
          "trunkline-look-up",
          "trunkline-waker",
          "trunkline-listener",
          "trunkline-wheel",
          "trunkline-observer",
          "trunkline-clean-up",
          "trunkline-answers",
          "trunkline-tasks",
          "trunkline-tenure");

  private final HttpClient http = HttpClient.newHttpClient();

  private record Liveness(int status, String text) {
    boolean isWell() {
      return status == 200 && text.contains("\"UP\"");
    }

    boolean names(String thread) {
      return status == 503 && text.contains("\"DOWN\"") && text.contains('"' + thread + '"');
    }
  }

  @Test
  void each_thread_that_hangs_is_named_until_it_turns_again(TestCluster cluster) throws Exception {
    var instance = cluster.startProcess("watched", List.of("-Xmx256m", Debugger.OPTION));
    try (var debugger = Debugger.on(instance)) {
      debugger.set(Pulse.class, "silenceMaxNanos", BOUND.toNanos());
      for (var thread : THREADS) {
        await(instance, answer -> !answer.names(thread), thread + " turns");
        var goOn = debugger.halt(thread);
        try {
          await(instance, answer -> answer.names(thread), thread + " hangs");
        } finally {
          goOn.run();
        }
      }
      await(instance, Liveness::isWell, "all turn");
    }
  }

  /// Goal: an outage ends nobody. Method: a database that falls silent, and beside it one that
  /// refuses; the bound is as much longer than the time-outs of a statement as the product's.
  @Test
  void who_waits_for_the_database_is_alive(TestCluster cluster) throws Exception {
    var server = URI.create(cluster.database().url().substring("jdbc:".length()));
    try (var silent = new Proxy(server.getHost(), server.getPort());
        var refusing = new Proxy(server.getHost(), server.getPort());
        var behindSilent = behind(cluster, silent);
        var behindRefusing = behind(cluster, refusing)) {
      silent.weather().silence();
      refusing.refuse();
      requireWell(List.of(behindSilent.instance(), behindRefusing.instance()));
      silent.heal();
      refusing.heal();
    }
  }

  private record Watched(InstanceProcess instance, Debugger debugger) implements AutoCloseable {
    /// A goodbye would wait for the database.
    @Override
    public void close() {
      debugger.close();
      instance.kill();
    }
  }

  private static Watched behind(TestCluster cluster, Proxy proxy) {
    var url =
        "jdbc:postgresql://127.0.0.1:%d/%s?%s"
            .formatted(proxy.port(), cluster.database().name(), TIME_OUTS);
    var instance =
        cluster.startProcess("patient", List.of("-Xmx256m", Debugger.OPTION), "database-url", url);
    var debugger = Debugger.on(instance);
    debugger.set(Pulse.class, "silenceMaxNanos", OUTAGE_BOUND.toNanos());
    return new Watched(instance, debugger);
  }

  private void requireWell(List<InstanceProcess> instances) throws Exception {
    var until = System.nanoTime() + OUTAGE_BOUND.multipliedBy(2).toNanos();
    while (System.nanoTime() - until < 0) {
      for (var instance : instances) {
        assertThat(liveness(instance)).matches(Liveness::isWell);
      }
    }
  }

  private void await(InstanceProcess instance, Predicate<Liveness> condition, String what)
      throws Exception {
    var until = System.nanoTime() + PATIENCE.toNanos();
    var answer = liveness(instance);
    while (!condition.test(answer)) {
      assertThat(System.nanoTime() - until).as("%s: %s", what, answer).isNegative();
      answer = liveness(instance);
    }
  }

  private Liveness liveness(InstanceProcess instance) throws IOException, InterruptedException {
    var url = URI.create(instance.url().toString().replace("/mcp", "/observe/health/live"));
    var answer = http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    return new Liveness(answer.statusCode(), answer.body());
  }
}
