package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: whatever is made of valid requests, the answer is one of a few, comes soon, is no defect
/// of ours and names nothing of our insides.
///
/// `-Dtrunkline.fuzz.seed=7` repeats what a run printed, `-Dtrunkline.fuzz.minutes=10` goes on for
/// so long; the file src/test/README.md says how.
@Tag("cluster")
class FuzzTest {
  private static final int DOCUMENTS = Integer.getInteger("trunkline.fuzz.documents", 10_000);
  private static final Duration MINUTES =
      Duration.ofMinutes(Integer.getInteger("trunkline.fuzz.minutes", 0));
  private static final int CLIENTS = 4;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final String[] REVISIONS = {"2025-03-26", "2025-06-18", "2025-11-25"};

  /// Status, and the code of the error where there is one.
  private static final Set<String> EXPECTED =
      Set.of(
          "200",
          "200 -32601",
          "200 -32602",
          "200 -32600",
          "200 -32002",
          "202",
          "400 -32700",
          "400 -32600",
          "400 -32602",
          "400 -32000",
          "400 -32022",
          "403 -32000",
          "404 -32001",
          "406 -32000",
          "415 -32000");

  private static final Pattern INSIDES =
      Pattern.compile(
          "(?i)jackson|networknt|helidon|postgres|jooq|hikari|sqlstate|\\bpg_|select |insert "
              + "|exception|java\\.|\\.java|trunkline\\.[a-z]+\\.|stacktrace|StreamRead|\\bnull pointer");

  private final long seed = Long.getLong("trunkline.fuzz.seed", new Random().nextLong());
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
  private final Map<String, String> faults = new ConcurrentHashMap<>();
  private final AtomicLong slowest = new AtomicLong();

  @Test
  void whatever_is_made_of_valid_requests_gets_one_of_a_few_answers(TestCluster cluster)
      throws Exception {
    cluster.with(new ScenarioTools().catalog());
    var instance = cluster.start("a");
    var until = System.nanoTime() + MINUTES.toNanos();
    var round = 0;
    do {
      round(instance, seed + round++ * CLIENTS);
    } while (System.nanoTime() - until < 0);

    System.out.println("fuzz: seed " + seed + ", slowest " + slowest.get() / 1_000_000 + " ms");
    new TreeMap<>(answers)
        .forEach((answer, count) -> System.out.println("  " + answer + "  " + count));
    assertThat(faults).as("seed %d", seed).isEmpty();
    assertThat(instance.events().count(ServerEvent.RequestFailed.class)).isZero();
    assertThat(Duration.ofNanos(slowest.get())).isLessThan(ANSWER_MAX);
    assertThat(answers.keySet()).as("seed %d", seed).isSubsetOf(EXPECTED);
  }

  private void round(Instance instance, long from) throws Exception {
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var rounds = new ArrayList<Future<?>>();
      for (var client = 0; client < CLIENTS; client++) {
        var own = from + client;
        rounds.add(clients.submit(() -> talk(instance, own)));
      }
      for (var each : rounds) {
        each.get();
      }
    }
  }

  private Void talk(Instance instance, long own) throws InterruptedException {
    var mutations = new Mutations(new Random(own));
    var revision = REVISIONS[(int) Math.floorMod(own, (long) REVISIONS.length)];
    try (var client = new McpTestClient()) {
      client.on(instance).connect(revision);
      for (var turn = 0; turn < DOCUMENTS / CLIENTS; turn++) {
        var document = mutations.document(1_000L + turn);
        var headers = mutations.header();
        var begun = System.nanoTime();
        try (var reply = client.on(instance).post(document, headers)) {
          judge(reply, new String(document, StandardCharsets.UTF_8));
        } catch (RuntimeException | AssertionError e) {
          faults.put("no answer: " + e, new String(document, StandardCharsets.UTF_8));
        }
        slowest.accumulateAndGet(System.nanoTime() - begun, Math::max);
      }
    }
    return null;
  }

  private void judge(Reply reply, String document) throws InterruptedException {
    var text = reply.isStream() ? String.valueOf(reply.response()) : reply.body();
    var answer = reply.status() + code(text);
    answers.computeIfAbsent(answer, _ -> new AtomicInteger()).incrementAndGet();
    if (reply.status() >= 500 || !EXPECTED.contains(answer)) {
      faults.putIfAbsent(answer + " " + abbreviated(text), abbreviated(document));
    }
    if (text.contains("\"error\"") && INSIDES.matcher(text.replace(document, "")).find()) {
      faults.putIfAbsent("insides: " + abbreviated(text), abbreviated(document));
    }
  }

  private static String code(String text) {
    var code = text.isEmpty() ? 0 : Json.of(text).path("error").path("code").asInt(0);
    return code == 0 ? "" : " " + code;
  }

  private static String abbreviated(String text) {
    return text.length() > 400 ? text.substring(0, 400) : text;
  }
}
