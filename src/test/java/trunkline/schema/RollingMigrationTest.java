package trunkline.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import trunkline.store.Connections;
import trunkline.testing.McpTestClient;
import trunkline.testing.OpenTransaction;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// An hour of `pg_dump` while the next release migrates, in some seconds: the same locks, and
/// clients whose requests go on as if there were neither.
class RollingMigrationTest {
  /// A dozen attempts of the migration, of which one comes every half second.
  private static final Duration DUMP = Duration.ofSeconds(6);

  /// What a request waits behind one attempt of the migration, and a machine that is busy.
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /// As `pg_dump` begins.
  private static final String EVERYTHING =
      """
      select format('lock table %s in access share mode', string_agg(format('trunkline.%I', relname), ', '))
        from pg_class where relnamespace = 'trunkline'::regnamespace and relkind in ('r', 'p')
      """;

  private final List<String> said = new CopyOnWriteArrayList<>();

  @Test
  void a_migration_behind_a_long_reader_fails_no_request(TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    var db = cluster.database();
    try (var client = new McpTestClient();
        var reader = OpenTransaction.on(db, db.sql(EVERYTHING).text())) {
      client.on(a).connect("2025-11-25");
      var migration = OpenTransaction.start(() -> migrations(db).migrate());

      var until = System.nanoTime() + DUMP.toNanos();
      requestsGoOn(client, List.of(a, b), () -> System.nanoTime() < until);

      assertThat(migration.isDone()).isFalse();
      assertThat(said).isNotEmpty().allMatch(line -> line.contains("sessions is held by pid "));
      reader.commit();
      requestsGoOn(client, List.of(a, b), () -> !migration.isDone());
      assertThat(migration.get()).isOne();
      assertThat(db.sql("select count(rolled_to) from trunkline.sessions").number()).isZero();
    }
  }

  /// Every kind of request that reads or writes `sessions`, on each instance in turn.
  private static void requestsGoOn(
      McpTestClient client, List<TestCluster.Instance> instances, BooleanSupplier onAndOn)
      throws InterruptedException {
    var failed = new ArrayList<String>();
    var requests = 0;
    while (onAndOn.getAsBoolean()) {
      for (var instance : instances) {
        var begun = System.nanoTime();
        try (var ping = client.on(instance).request("ping");
            var call = client.on(instance).call("test_tool_with_progress", "{}");
            var other = new McpTestClient()) {
          check(ping, failed);
          check(call, failed);
          check(other.on(instance).initialize("2025-11-25", "{}"), failed);
        }
        requests += 3;
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST.multipliedBy(3));
      }
    }
    assertThat(failed).as("of %s requests", requests).isEmpty();
  }

  private static void check(Reply reply, List<String> failed) throws InterruptedException {
    if (reply.status() != 200 || !reply.response().has("result")) {
      failed.add(reply.status() + " " + reply.body());
    }
  }

  private Migrations migrations(TestDatabase db) {
    var settings = db.settings();
    return new Migrations(
        new Connections(settings),
        MigrationPatience.endless(said::add),
        "classpath:trunkline/migration",
        "classpath:db/rolling");
  }
}
