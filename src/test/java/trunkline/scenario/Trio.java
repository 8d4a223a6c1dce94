package trunkline.scenario;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message.Notification;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Three instances on one database, and the clients that a test opens on them.
final class Trio {
  static final String REVISION = "2025-11-25";
  static final String EVERYTHING = "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}";

  final ScenarioTools tools = new ScenarioTools();
  private final WakeUp wakeUp;
  final TestDatabase db;
  final Instance a;
  final Instance b;
  final Instance c;
  private final Queue<McpTestClient> clients = new ConcurrentLinkedQueue<>();

  /// The one of this class and wake-up.
  static Trio of(WakeUp wakeUp, TestCluster cluster, Map<String, String> settings) {
    var trio = cluster.shared(Trio.class, () -> new Trio(wakeUp, cluster, settings));
    if (trio.wakeUp != wakeUp) {
      throw new IllegalStateException("the cluster of another wake-up");
    }
    return trio;
  }

  private Trio(WakeUp wakeUp, TestCluster cluster, Map<String, String> settings) {
    this.wakeUp = wakeUp;
    cluster.with(tools.catalog()).with("poll-only", wakeUp.pollOnly());
    settings.forEach(cluster::with);
    db = cluster.database();
    a = cluster.start("a");
    b = cluster.start("b");
    c = cluster.start("c");
  }

  List<Instance> all() {
    return List.of(a, b, c);
  }

  /// A client with a session that was opened on this instance.
  McpTestClient connected(Instance instance) throws InterruptedException {
    var client = client();
    client.on(instance.url()).connect(REVISION, EVERYTHING);
    return client;
  }

  McpTestClient client() {
    var client = new McpTestClient();
    clients.add(client);
    return client;
  }

  void closeClients() {
    clients.forEach(McpTestClient::close);
    clients.clear();
  }

  /// A notification that carries a text.
  static Notification notification(String text) {
    return new Notification(
        "notifications/message", Codec.object().put("level", "error").put("data", text));
  }
}
