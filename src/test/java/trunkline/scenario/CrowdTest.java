package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.testing.InstanceProcess;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// Goal: no crowd of requests, each of which is allowed, ends an instance with a small heap or
/// holds up another client's small calls. Method: hundreds of connections send the largest bodies,
/// whole, slowly and in one chunk, wide and deep ones, ask for the largest results and do not read
/// them, and open sessions and streams; a neighbour calls meanwhile.
///
/// A few of each at a time for some seconds; with `-Dtrunkline.crowd=full` thousands, each kind
/// alone and then all, with the name of a kind thousands of that (src/test/README.md).
@Tag("cluster")
class CrowdTest {
  private static final int HEAP_MEGABYTES = 128;
  private static final Duration SHORT = Duration.ofSeconds(9);
  private static final Duration FULL =
      Duration.ofSeconds(Integer.getInteger("trunkline.crowd.seconds", 20));
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration WORST = Duration.ofSeconds(5);
  private static final Path TABLE = Path.of("target", "crowd.md");
  private static final Pattern USED =
      Pattern.compile("(?m)^trunkline_memory_used_bytes(?:\\{.*})? (\\S+)$");

  private record Calls(int made, int errors, int laterThanASecond, Duration worst) {
    Calls plus(boolean served, Duration took) {
      return new Calls(
          made + 1,
          errors + (served ? 0 : 1),
          laterThanASecond + (took.toSeconds() > 0 ? 1 : 0),
          took.compareTo(worst) > 0 ? took : worst);
    }

    String row(String attack, String used) {
      return "| %s | %d | %d | %d | %d ms | %s |%n"
          .formatted(attack, made, errors, laterThanASecond, worst.toMillis(), used);
    }
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void it_serves_on(TestCluster cluster) throws Exception {
    var instance = start(cluster);

    var chosen = System.getProperty("trunkline.crowd");
    if (chosen != null) {
      besideThousands(instance, chosen);
    } else {
      requireServed(instance, "all", attack(instance, Crowd.ALL, Crowd::few, SHORT));
      assertThat(metrics(instance)).contains("trunkline_memory_refused_total ");
    }
  }

  /// All kinds are tried, whatever comes of one.
  private static void besideThousands(InstanceProcess instance, String chosen) throws Exception {
    Files.writeString(
        TABLE,
        """
        | crowd | neighbour's calls | errors | later than 1 s | worst | held afterwards |
        |---|---|---|---|---|---|
        """);
    var wrong = new SoftAssertions();
    var full = "full".equals(chosen);
    for (var crowd : Crowd.ALL.stream().filter(c -> full || c.name().equals(chosen)).toList()) {
      var calls = attack(instance, List.of(crowd), Crowd::many, FULL);
      note(instance, crowd.name() + " (" + crowd.many() + ")", calls);
      wrong.check(() -> requireServed(instance, crowd.name(), calls));
    }
    if (full) {
      var calls = attack(instance, Crowd.ALL, crowd -> 3 * crowd.few(), FULL.multipliedBy(2));
      note(instance, "all", calls);
      wrong.check(() -> requireServed(instance, "all", calls));
    }
    wrong.assertAll();
  }

  private static InstanceProcess start(TestCluster cluster) {
    return cluster.startProcess("small", HEAP_MEGABYTES, "features", "sample,bulky");
  }

  private static Calls attack(
      InstanceProcess instance, List<Crowd> crowds, ToIntFunction<Crowd> size, Duration time)
      throws Exception {
    instance.requireAlive();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var neighbour = new McpTestClient();
        var attacker = new McpTestClient()) {
      neighbour.on(instance).connect("2025-11-25", "{}");
      attacker.on(instance).connect("2025-11-25", "{}");
      var target = new Crowd.Target(instance.url(), attacker.sessionId(), new CountDownLatch(1));
      var all =
          crowds.stream()
              .flatMap(crowd ->
                  IntStream.range(0, size.applyAsInt(crowd))
                      .mapToObj(
                          _ -> CompletableFuture.runAsync(() -> crowd.repeat(target), threads)))
              .toList();
      var calls = new Calls(0, 0, 0, Duration.ZERO);
      var until = System.nanoTime() + time.toNanos();
      while (System.nanoTime() - until < 0) {
        var began = System.nanoTime();
        var served = isServed(neighbour.on(instance));
        calls = calls.plus(served, Duration.ofNanos(System.nanoTime() - began));
        target.pace(PAUSE);
      }
      target.over().countDown();
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(90, TimeUnit.SECONDS);
      instance.requireAlive();
      return calls;
    }
  }

  private static void requireServed(InstanceProcess instance, String crowd, Calls calls) {
    System.out.println("Beside " + crowd + " at " + HEAP_MEGABYTES + " MiB: " + calls);
    assertThat(instance.text()).doesNotContain("OutOfMemoryError");
    assertThat(calls.errors()).as(crowd).isZero();
    assertThat(calls.worst()).as(crowd).isLessThan(WORST);
  }

  private static boolean isServed(McpTestClient.On neighbour) {
    try {
      return neighbour.request("ping").status() == 200;
    } catch (RuntimeException | AssertionError _) {
      return false;
    }
  }

  private static void note(InstanceProcess instance, String crowd, Calls calls) throws IOException {
    var used = USED.matcher(metrics(instance));
    var row = calls.row(crowd, used.find() ? used.group(1) : "?");
    Files.writeString(TABLE, row, StandardOpenOption.APPEND);
  }

  private static String metrics(InstanceProcess instance) {
    var url = URI.create(instance.url().toString().replace("/mcp", "/observe/metrics"));
    try (var client = new McpTestClient()) {
      return client.on(url).raw("GET", new byte[0]).body();
    }
  }
}
