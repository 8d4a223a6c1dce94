package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import trunkline.feature.SendOutcome;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message.Notification;
import trunkline.testing.McpTestClient;
import trunkline.testing.Running;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Three instances on one database, and the clients that a test opens on them; and what the
/// scenarios that start instances of their own say in the same words.
final class Trio {
  static final String REVISION = "2025-11-25";
  static final String EVERYTHING = json("{'elicitation':{},'sampling':{},'roots':{}}");

  /// Answers of a user who is asked for a name.
  static final String ADA = json("{'action':'accept','content':{'name':'Ada'}}");

  static final String EVE = json("{'action':'accept','content':{'name':'Eve'}}");

  static final Duration PATIENCE = Duration.ofSeconds(45);

  /// For what begins when somebody is declared dead.
  static final Duration FAULT_PATIENCE = Duration.ofSeconds(60);

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
    return connected(instance, REVISION, EVERYTHING);
  }

  McpTestClient connected(Instance instance, String revision, String capabilities)
      throws InterruptedException {
    var client = client();
    client.on(instance).connect(revision, capabilities);
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

  /// A client for a test that starts its instances itself, and closes the client itself.
  static McpTestClient connectedTo(Running instance) throws InterruptedException {
    var client = new McpTestClient();
    client.on(instance).connect(REVISION, EVERYTHING);
    return client;
  }

  /// Sends a text to a client's session.
  static void send(Instance sender, McpTestClient client, String text) {
    assertThat(sender.server().handle().send(client.sessionId(), notification(text)))
        .isInstanceOf(SendOutcome.Sent.class);
  }

  /// The arguments of the tools that wait at a gate.
  static String named(String gate) {
    return json("{'name':'%s'}", gate);
  }
}
