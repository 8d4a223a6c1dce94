package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.doctor.Doctor;
import trunkline.store.Connections;
import trunkline.telemetry.ServerEvent.SlotBlocked;
import trunkline.testing.McpTestClient;
import trunkline.testing.OpenTransaction;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// An hour of `pg_dump` under load, in half a minute: a history of six seconds, so that a slot is
/// written for one. While the dump holds the leaves none can be emptied; the current one grows and
/// says so, messages are as quick as before, and the space comes back when the dump has ended (G3).
@Tag("cluster")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LongDumpTest {
  private static final String BIG = "x".repeat(10_000);

  /// For a median, on a machine that runs other tests as well.
  private static final Duration QUICK = Duration.ofMillis(500);

  /// As `pg_dump` begins.
  private static final String EVERYTHING =
      """
      select format('lock table %s in access share mode', string_agg(format('trunkline.%I', relname), ', '))
        from pg_class where relnamespace = 'trunkline'::regnamespace and relkind in ('r', 'p')
      """;

  private static final String BYTES =
      """
      select sum(pg_total_relation_size(oid))::bigint from pg_class
       where relnamespace = 'trunkline'::regnamespace and relname ~ '^outbound_messages_[0-7]$'
      """;

  @Test
  void it_costs_space_that_comes_back(TestCluster cluster) throws Exception {
    var db = cluster.with("history-age-max", "6s").database();
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(a);
        var stream = client.on(a).get().sse()) {
      send(b, client, stream, Duration.ofSeconds(3));
      var before = db.sql(BYTES).number();
      var quiet = send(b, client, stream, Duration.ofSeconds(3));
      long peak;
      try (var dump = OpenTransaction.on(db, db.sql(EVERYTHING).text())) {
        var delays = new ArrayList<Long>();
        var begun = System.nanoTime();
        // All slots are used once more before one is needed that cannot be emptied.
        while (a.events().count(SlotBlocked.class) + b.events().count(SlotBlocked.class) == 0
            || System.nanoTime() - begun < Duration.ofSeconds(12).toNanos()) {
          delays.add(send(b, client, stream, Duration.ofSeconds(1)));
        }
        peak = db.sql(BYTES).number();
        System.out.printf(
            "a dump: median delay %d ms before, %d ms meanwhile; %d kB before, %d kB then%n",
            quiet,
            delays.stream().sorted().toList().get(delays.size() / 2),
            before / 1024,
            peak / 1024);
        assertThat(delays.stream().sorted().toList().get(delays.size() / 2))
            .isLessThan(QUICK.toMillis());
        assertThat(peak).isGreaterThan(2 * before);
        requireTold(db, List.of(a, b));
        dump.commit();
      }
      var until = System.nanoTime() + 2 * Trio.FAULT_PATIENCE.toNanos();
      while (db.sql(BYTES).number() > peak / 2 && System.nanoTime() - until < 0) {
        send(b, client, stream, Duration.ofMillis(200));
        a.server().sweepOnce(); // instead of every five seconds
      }
      assertThat(db.sql(BYTES).number()).isLessThanOrEqualTo(peak / 2);
    }
  }

  /// Sends and hears for so long.
  ///
  /// @return the median delay in ms
  private static long send(Instance from, McpTestClient client, RawSse stream, Duration time)
      throws InterruptedException {
    var delays = new ArrayList<Long>();
    var until = System.nanoTime() + time.toNanos();
    for (var i = 0; i == 0 || System.nanoTime() - until < 0; i++) {
      var begun = System.nanoTime();
      Trio.send(from, client, i + BIG);
      assertThat(stream.nextLog()).isEqualTo(i + BIG);
      delays.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
    return delays.stream().sorted().toList().get(delays.size() / 2);
  }

  private static void requireTold(TestDatabase db, List<Instance> instances) {
    var report = Doctor.examine(new Connections(db.settings()));
    assertThat(report.findings())
        .anySatisfy(finding -> {
          assertThat(finding.check()).isEqualTo("slots");
          assertThat(finding.found()).contains("cannot be emptied", TestDatabase.APPLICATION_NAME);
          assertThat(finding.remedy()).contains("pg_terminate_backend");
        });
    try (var operator = new McpTestClient()) {
      assertThat(instances)
          .anySatisfy(instance ->
              assertThat(
                      operator
                          .on(instance.url().resolve("/observe/metrics"))
                          .raw("GET", new byte[0], "Host", "localhost")
                          .body())
                  .containsPattern("trunkline_slots_blocked_total(\\{[^}]*})? [1-9]"));
    }
  }
}
