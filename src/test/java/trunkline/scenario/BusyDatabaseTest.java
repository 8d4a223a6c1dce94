package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent.DatabaseBusy;
import trunkline.telemetry.ServerEvent.RequestFailed;
import trunkline.telemetry.ServerEvent.StatementBusy;
import trunkline.testing.McpTestClient;
import trunkline.testing.OpenTransaction;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// A database that is busy with somebody else's work is waited for, whatever table that locks.
@Tag("cluster")
class BusyDatabaseTest {
  /// Statements that met the lock, after which the lock goes.
  private static final int MET = 6;

  /// Goal: no lock of an operator's, a migration's or a backup's makes a request fail. Method:
  /// every table in turn is locked against everybody while clients begin sessions, ping, call,
  /// stream and change what they are told; all of it succeeds when the lock goes, and the log is
  /// not flooded.
  @Test
  void no_locked_table_makes_a_request_fail(TestCluster cluster) throws Exception {
    try (var a = cluster.start("a");
        var b = cluster.start("b")) {
      for (var table : tables(cluster)) {
        var before = met(a, b);
        try (var client = Trio.connectedTo(a);
            var lock = OpenTransaction.on(cluster.database(), "lock table trunkline." + table)) {
          var replies = requests(client, a, b).map(BusyDatabaseTest::started).toList();
          untilDone(replies, () -> met(a, b) - before >= MET);
          lock.commit();
          for (var reply : replies) {
            var got = reply.get(40, TimeUnit.SECONDS);
            assertThat(got.status()).as("with %s locked: %s", table, got).isIn(200, 202);
          }
        }
      }
      assertThat(a.events().count(RequestFailed.class)).isZero();
      assertThat(b.events().count(RequestFailed.class)).isZero();
      assertThat(Stream.of(a, b).mapToLong(each -> each.events().count(DatabaseBusy.class)).sum())
          .as("lines of the log")
          .isLessThan(met(a, b));
    }
  }

  private static long met(Instance... instances) {
    return Stream.of(instances).mapToLong(each -> each.events().count(StatementBusy.class)).sum();
  }

  private static List<String> tables(TestCluster cluster) {
    return cluster
        .database()
        .sql(
            """
            select relname::text from pg_class
             where relnamespace = 'trunkline'::regnamespace and relkind in ('r', 'p')
               and not relispartition and relname not like 'flyway%' order by 1
            """)
        .column();
  }

  private static Stream<Callable<Reply>> requests(McpTestClient client, Instance a, Instance b) {
    return Stream.<Callable<Reply>>of(
        () -> client.on(a).request("ping"),
        () -> client.on(b).call("calculate", json("{'a':1,'b':2,'operation':'ADD'}")),
        () -> whole(client.on(b).callWithProgress("bake", json("{'seconds':1}"), "p")),
        () -> client.on(a).request("logging/setLevel", json("{'level':'error'}")),
        () -> client.on(b).request("resources/subscribe", json("{'uri':'cities://berlin'}")),
        () -> client.on(a).notify("notifications/cancelled", json("{'requestId':'none'}")),
        () -> {
          try (var other = new McpTestClient()) {
            return other.on(a).initialize(Trio.REVISION, "{}");
          }
        });
  }

  /// Read to its response, which is a result.
  private static Reply whole(Reply reply) throws InterruptedException {
    assertThat(reply.result()).isNotNull();
    return reply;
  }

  private static CompletableFuture<Reply> started(Callable<Reply> request) {
    var reply = new CompletableFuture<Reply>();
    Thread.startVirtualThread(() -> {
      try {
        reply.complete(request.call());
      } catch (Throwable e) {
        reply.completeExceptionally(e);
      }
    });
    return reply;
  }

  /// Returns when all replies are there, or when the condition holds.
  private static void untilDone(List<CompletableFuture<Reply>> replies, BooleanSupplier condition)
      throws InterruptedException {
    var all = CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new));
    var deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
      try {
        all.get(20, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        // not yet
      } catch (ExecutionException e) {
        return; // the caller asks each of them
      }
    }
  }
}
