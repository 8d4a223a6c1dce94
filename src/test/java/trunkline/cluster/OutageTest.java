package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.store.DatabaseSettings;
import trunkline.telemetry.ServerEvent.HeartbeatFailed;
import trunkline.telemetry.ServerEvent.InstanceDeclaredDead;
import trunkline.telemetry.ServerEvent.InstanceFenced;
import trunkline.telemetry.ServerEvent.TenureEnded;
import trunkline.testing.Proxy;
import trunkline.testing.TestDatabase;

/// Goal: whatever happens to the database or its clock, nobody is declared dead who lives. Method:
/// two instances that watch each other; leases of a second, and longer than that of trouble.
class OutageTest {

  @Test
  void an_outage_longer_than_the_lease_kills_nobody(TestDatabase db) throws Exception {
    try (var proxy = proxy(db);
        var one = new Node(through(proxy, db));
        var two = new Node(through(proxy, db))) {
      var ids = List.of(one.instances.register(), two.instances.register());
      one.sweeper.start();
      two.sweeper.start();
      one.beats(1);

      proxy.refuse();
      one.events.await(TenureEnded.class);
      two.events.await(TenureEnded.class);
      db.await(
          "(select bool_and(lease_until < clock_timestamp()) from trunkline.instances)",
          Node.LEASE.multipliedBy(10));
      one.events.await(HeartbeatFailed.class);
      proxy.heal();

      one.beats(12); // longer than two leases
      two.beats(12);
      assertThat(List.of(one.instances.self(), two.instances.self())).isEqualTo(ids);
      assertNobodyDied(one, two);
    }
  }

  @Test
  void a_clock_that_jumps_kills_nobody(TestDatabase db) throws Exception {
    try (var one = new Node(db.settings());
        var two = new Node(db.settings())) {
      one.instances.register();
      two.instances.register();
      one.sweeper.start();
      two.sweeper.start();

      for (var jump = 0; jump < 10; jump++) {
        db.sql("update trunkline.instances set lease_until = lease_until - interval '1 day'");
        one.beats(1);
        two.beats(1);
      }

      assertNobodyDied(one, two);
    }
  }

  /// Only the heartbeat's path is silent: its bounded patience finds that within the lease.
  @Test
  void a_heartbeat_that_hangs_is_replaced(TestDatabase db) throws Exception {
    try (var proxy = proxy(db);
        var one = new Node(directThrough(proxy, db), Node.LEASE.multipliedBy(10))) {
      var id = one.instances.register();
      one.beats(1);

      proxy.links().forEach(link -> link.weather().silence());

      one.events.await(HeartbeatFailed.class);
      one.beats(1);
      assertThat(one.instances.self()).isEqualTo(id);
      assertThat(one.events.all(TenureEnded.class)).isEmpty();
      proxy.heal();
    }
  }

  private static void assertNobodyDied(Node... nodes) {
    for (var node : nodes) {
      assertThat(node.events.all(InstanceDeclaredDead.class)).isEmpty();
      assertThat(node.events.all(InstanceFenced.class)).isEmpty();
    }
  }

  private static Proxy proxy(TestDatabase db) {
    var server = URI.create(db.url().substring("jdbc:".length()));
    return new Proxy(server.getHost(), server.getPort());
  }

  private static String url(Proxy proxy, TestDatabase db) {
    return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + db.name();
  }

  private static DatabaseSettings through(Proxy proxy, TestDatabase db) {
    return settings(db, url(proxy, db), url(proxy, db));
  }

  private static DatabaseSettings directThrough(Proxy proxy, TestDatabase db) {
    return settings(db, db.url(), url(proxy, db));
  }

  private static DatabaseSettings settings(TestDatabase db, String url, String directUrl) {
    var usual = db.settings();
    return new DatabaseSettings(
        url,
        directUrl,
        usual.user(),
        usual.password(),
        usual.poolSize(),
        usual.connectTimeout(),
        usual.socketTimeout());
  }
}
