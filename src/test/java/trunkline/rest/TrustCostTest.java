package trunkline.rest;

import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import trunkline.testing.IdentityProvider;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// What it costs to know who asks, to count, to record and to trace: calls in a second over 16
/// connections to one instance each, by turns in one run, each compared with the plain one of its
/// round. Measured, not asserted: `-Dtrunkline.cost.seconds=5`.
@Tag("cluster")
class TrustCostTest {
  private static final int CONNECTIONS = 16;
  private static final int ROUNDS = 5;
  private static final String URL = "https://mcp.example/mcp";

  /// @param authorization the header of its clients; empty for none
  private record Variant(Instance instance, String authorization) {}

  @Test
  @EnabledIfSystemProperty(named = "trunkline.cost.seconds", matches = "\\d+")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void measure(TestCluster cluster) throws Exception {
    var seconds = Duration.ofSeconds(Integer.getInteger("trunkline.cost.seconds"));
    try (var provider = new IdentityProvider()) {
      var variants = variants(cluster, provider);
      variants.values().forEach(variant -> load(variant, seconds)); // compiled and cached
      Map<String, List<Double>> shares = new LinkedHashMap<>();
      Map<String, List<Long>> rates = new LinkedHashMap<>();
      for (int round = 0; round < ROUNDS; round++) {
        var plain = 0L;
        for (var variant : variants.entrySet()) {
          var calls = load(variant.getValue(), seconds) / seconds.toSeconds();
          plain = plain == 0 ? calls : plain;
          rates.computeIfAbsent(variant.getKey(), _ -> new ArrayList<>()).add(calls);
          shares
              .computeIfAbsent(variant.getKey(), _ -> new ArrayList<>())
              .add(100.0 * (plain - calls) / plain);
        }
      }
      shares.forEach((name, costs) ->
          System.out.printf(
              "%-12s %6d calls/s, costs %5.1f %% (%.1f to %.1f)%n",
              name,
              median(Objects.requireNonNull(rates.get(name))),
              median(costs),
              costs.stream().min(Double::compare).orElseThrow(),
              costs.stream().max(Double::compare).orElseThrow()));
      cluster.close();
    }
  }

  private static Map<String, Variant> variants(TestCluster cluster, IdentityProvider provider) {
    cluster.keeping(_ -> false);
    var variants = new LinkedHashMap<String, Variant>();
    variants.put("plain", new Variant(cluster.start("plain"), ""));
    variants.put("plain again", new Variant(cluster.start("again"), ""));
    var key = cluster.database().sql("select trunkline.issue_key('ada')").text();
    variants.put("API key", new Variant(cluster.start("key", "api-keys", "true"), "Bearer " + key));
    variants.put(
        "OAuth",
        new Variant(
            cluster.start("oauth", "oidc-issuer", provider.issuer("staff"), "public-url", URL),
            "Bearer " + provider.token("staff", URL, "ada").sign()));
    variants.put(
        "rates",
        new Variant(
            cluster.start(
                "rates", "rate-principal", "1000000/s", "rate-tool", "calculate=1000000/s"),
            ""));
    variants.put("audit", new Variant(cluster.start("audit", "audit", "on"), ""));
    variants.put("audit strict", new Variant(cluster.start("strict", "audit", "strict"), ""));
    cluster.collected();
    variants.put("traces", new Variant(cluster.start("traces"), ""));
    return variants;
  }

  private static <T extends Comparable<T>> T median(List<T> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /// How many calls were answered.
  private static long load(Variant variant, Duration time) {
    var answered = new LongAdder();
    var end = System.nanoTime() + time.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int connection = 0; connection < CONNECTIONS; connection++) {
        var _ =
            threads.submit(() -> {
          try (var client = new StatelessTestClient()) {
            if (!variant.authorization().isEmpty()) {
              client.withHeader("Authorization", variant.authorization());
            }
            while (System.nanoTime() < end) {
              client
                  .on(variant.instance())
                  .call("calculate", json("{'a':1,'b':2,'operation':'ADD'}"))
                  .text();
              answered.increment();
            }
          }
          return true;
        });
      }
    }
    return answered.sum();
  }
}
