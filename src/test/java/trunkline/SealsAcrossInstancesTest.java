package trunkline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.seal.Opened;
import trunkline.store.DatabaseFailure;
import trunkline.telemetry.ServerEvent.HeartbeatFailed;
import trunkline.telemetry.ServerEvent.InstanceFenced;
import trunkline.telemetry.ServerEvent.OperatorActed;
import trunkline.telemetry.ServerEvent.SealRefused;
import trunkline.testing.EventLog;
import trunkline.testing.OpenTransaction;
import trunkline.testing.Proxy;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: what one instance has sealed every other one opens, whatever becomes of keys, instances
/// and the database meanwhile.
@Tag("cluster")
class SealsAcrossInstancesTest {
  private static final byte[] ADA = "ada".getBytes(UTF_8);
  private static final byte[] CONTENT = "three rounds".getBytes(UTF_8);

  private static String seal(Instance by) {
    return by.server().seals().seal(CONTENT, ADA, Duration.ofHours(1));
  }

  private static void requireOpens(Instance at, String token) {
    assertThat(at.server().seals().open(token, ADA))
        .as("at %s", at)
        .isInstanceOfSatisfying(
            Opened.Content.class, content -> assertThat(content.bytes()).isEqualTo(CONTENT));
  }

  /// The id of the key, of which nobody but a test knows where it is.
  private static String key(String token) {
    return token.substring(0, 24);
  }

  /// The instances with each other's clients, all the time, while a key is rotated and used, an
  /// instance is killed and another one starts.
  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void nothing_fails_to_open_while_keys_are_rotated(String pollOnly, TestCluster cluster)
      throws Exception {
    var db = cluster.database();
    cluster.with("poll-only", pollOnly);
    var instances = new ArrayList<>(List.of(cluster.start("a"), cluster.start("b")));
    var first = seal(instances.getFirst());
    var over = new AtomicBoolean();
    var opened = new AtomicInteger();
    var traffic = new CompletableFuture<Void>();
    Thread.startVirtualThread(() -> {
      try {
        while (!over.get()) {
          for (var by : instances) {
            var token = seal(by);
            instances.forEach(at -> requireOpens(at, token));
            opened.incrementAndGet();
          }
          db.sql("select pg_sleep(0.002)"); // and leaves the machine to others
        }
        traffic.complete(null);
      } catch (RuntimeException | Error e) {
        traffic.completeExceptionally(e);
      }
    });

    for (var i = 0; i < 3; i++) {
      var before = key(seal(instances.getFirst()));
      assertThat(instances.getFirst().server().rotateSealKey())
          .isEqualTo(instances.getLast().server().rotateSealKey());
      instances.forEach(instance -> instance.server().sweepOnce());
      assertThat(key(seal(instances.getLast()))).as("not used yet").isEqualTo(before);
      db.sql("update trunkline.seal_keys set usable_at = usable_at - interval '61 seconds'");
      for (var instance : instances) { // they hear of it one after the other
        instance.server().sweepOnce();
        assertThat(key(seal(instance))).as("used").isNotEqualTo(before);
      }
    }
    over.set(true);
    traffic.get(EventLog.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    instances.getFirst().kill();
    var late = cluster.start("c");

    requireOpens(late, first);
    requireOpens(instances.getLast(), seal(late));
    assertThat(opened.get()).isPositive();
    for (var instance : instances) {
      assertThat(instance.events().count(SealRefused.class)).isZero();
    }
  }

  @Test
  void a_rotation_by_sql_is_told(TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    cluster.database().sql("select trunkline.rotate_seal_key()");

    var told =
        a.events().await(OperatorActed.class, acted -> acted.action().equals("rotate_seal_key"));

    assertThat(told.about()).startsWith("key ");
    assertThat(told.by()).isEqualTo(cluster.database().user());
  }

  @Test
  void an_instance_without_its_database_opens_and_seals(TestCluster cluster) throws Exception {
    var server = URI.create(cluster.database().url().substring("jdbc:".length()));
    var a = cluster.start("a");
    try (var proxy = new Proxy(server.getHost(), server.getPort());
        var b = cluster.start("b", "database-url", url(cluster, proxy), "lease", "60s")) {
      proxy.refuse();
      b.events().await(HeartbeatFailed.class);

      requireOpens(b, seal(a));
      requireOpens(a, seal(b));
      proxy.heal();
    }
  }

  private static String url(TestCluster cluster, Proxy proxy) {
    return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + cluster.database().name();
  }

  /// As when another database was put in its place: the keys are others. A table lock lets nobody
  /// read them, so that it can have forgotten the former ones only by itself.
  @Test
  void an_instance_that_begins_anew_knows_no_key_of_before(TestCluster cluster) throws Exception {
    var db = cluster.database();
    var a = cluster.start("a");
    var token = seal(a);
    try (var swap =
        OpenTransaction.on(db, "lock table trunkline.seal_keys in access exclusive mode")) {
      db.sql("select trunkline.declare_dead(?)", a.id());
      a.events().await(InstanceFenced.class);
      var until = System.nanoTime() + EventLog.PATIENCE.toNanos();
      while (canSeal(a) && System.nanoTime() < until) {
        db.sql("select pg_sleep(0.05)");
      }
      assertThat(canSeal(a)).isFalse();
      swap.run("delete from trunkline.seal_keys");
      swap.run("select from trunkline.make_seal_key()");
      swap.commit();
    }

    db.sql("select pg_sleep(1)"); // it does not ask more often
    requireOpens(cluster.start("b"), seal(a));
    assertThat(a.server().seals().open(token, ADA)).isEqualTo(new Opened.Forged());
  }

  private static boolean canSeal(Instance by) {
    try {
      return !seal(by).isEmpty();
    } catch (DatabaseFailure e) {
      return false;
    }
  }
}
