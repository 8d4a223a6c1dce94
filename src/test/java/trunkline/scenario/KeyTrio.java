package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import trunkline.testing.EventLog;
import trunkline.testing.McpTestClient;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Three instances that take API keys, of which one hears no NOTIFY, and clients that bring some.
final class KeyTrio implements AutoCloseable {
  static final String INVALID = "Bearer error=\"invalid_token\"";

  final ScenarioTools tools = new ScenarioTools();
  final TestDatabase db;
  final Instance a;
  final Instance b;
  final Instance c;
  private final Queue<AutoCloseable> clients = new ConcurrentLinkedQueue<>();

  /// The one of this class.
  static KeyTrio of(TestCluster cluster) {
    return cluster.shared(KeyTrio.class, () -> new KeyTrio(cluster));
  }

  private KeyTrio(TestCluster cluster) {
    cluster.with(tools.catalog()).with("api-keys", "true");
    db = cluster.database();
    a = cluster.start("a");
    b = cluster.start("b");
    c = cluster.start("c", "poll-only", "true");
  }

  List<Instance> all() {
    return List.of(a, b, c);
  }

  /// Closes the clients.
  @Override
  public void close() {
    for (var client = clients.poll(); client != null; client = clients.poll()) {
      try {
        client.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  String issue(String principal) {
    return issue(db, principal);
  }

  static String issue(TestDatabase db, String principal) {
    return db.sql("select trunkline.issue_key(?)", principal).text();
  }

  /// Its number, which stands in it.
  static long id(String key) {
    return Long.parseLong(key.split("_", 3)[1]);
  }

  /// @param rung by the function; else by hand, of which nobody hears but by looking
  void revoke(String key, boolean rung) {
    db.sql(
        rung
            ? "select trunkline.revoke_key(?)"
            : "update trunkline.api_keys set revoked_at = clock_timestamp() where key_id = ?",
        id(key));
  }

  /// A client with a session that was opened on a.
  McpTestClient connected(String key) throws InterruptedException {
    var client = new McpTestClient().withHeader("Authorization", "Bearer " + key);
    clients.add(client);
    client.on(a).connect(Trio.REVISION, Trio.EVERYTHING);
    return client;
  }

  StatelessTestClient stateless(String key) {
    var client = new StatelessTestClient().withHeader("Authorization", "Bearer " + key);
    clients.add(client);
    return client;
  }

  /// Status and challenge of a plain request.
  String answer(Instance instance, String authorization) {
    try (var client = new StatelessTestClient()) {
      var reply = client.on(instance).request("tools/list", "{}", "Authorization", authorization);
      return reply.status() + " " + reply.header("www-authenticate");
    }
  }

  /// Lets its bearer in.
  void requireGood(Instance instance, String key) {
    assertThat(answer(instance, "Bearer " + key)).isEqualTo("200 null");
  }

  void awaitRefused(Instance instance, String key) {
    var until = System.nanoTime() + EventLog.PATIENCE.toNanos();
    var client = stateless(key);
    while (client.on(instance).request("tools/list", "{}").status() != 401) {
      assertThat(System.nanoTime()).as("refused on " + instance).isLessThan(until);
    }
  }
}
