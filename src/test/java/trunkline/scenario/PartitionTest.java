package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.feature.SendOutcome;
import trunkline.telemetry.ServerEvent.HeartbeatFailed;
import trunkline.telemetry.ServerEvent.InstanceDeclaredDead;
import trunkline.telemetry.ServerEvent.InstanceFenced;
import trunkline.telemetry.ServerEvent.TenureEnded;
import trunkline.testing.History;
import trunkline.testing.Proxy;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Requirement G3 and rule S6: the network to the database goes wrong, for all or for one.
@Tag("cluster")
class PartitionTest {

  /// Goal: a database that is away for a moment costs time, and no client its stream. Method: all
  /// connections are reset and refused while a message and a GET wait; then healed.
  @Test
  void streams_survive_a_database_that_is_away(TestCluster cluster) throws Exception {
    try (var proxy = proxy(cluster.database());
        var a = cluster.start("a", "database-url", url(cluster, proxy), "keep-alive", "1s");
        var b = cluster.start("b", "database-url", url(cluster, proxy), "keep-alive", "1s");
        var client = Trio.connectedTo(a);
        var late = Trio.connectedTo(a)) {
      var stream = client.on(b).get().sse();
      var history = new History();
      send(history, a, client.sessionId(), "before");
      read(history, stream, client.sessionId());

      proxy.refuse();
      a.events().await(HeartbeatFailed.class);
      b.events().await(HeartbeatFailed.class);
      var held = new CompletableFuture<Reply>();
      Thread.startVirtualThread(() -> held.complete(late.on(b).get()));
      stream.nextComment(Duration.ofSeconds(10));
      assertThat(stream.isEnded()).as("kept while the database is away").isFalse();
      proxy.heal();

      assertThat(held.get(30, TimeUnit.SECONDS).status()).as("held, not refused").isEqualTo(200);
      send(history, a, client.sessionId(), "after");
      read(history, stream, client.sessionId());
      history.verdict().requireClean();
    }
  }

  /// Goal: an instance that lost the database is declared dead, delivers nothing any more, and
  /// comes back under a new number. Method: its network falls silent, without a reset; the client
  /// goes on elsewhere.
  @Test
  void a_partitioned_instance_is_fenced_and_returns(TestCluster cluster) throws Exception {
    try (var proxy = proxy(cluster.database());
        var a = cluster.start("a", "lease", "3s");
        var c = cluster.start("c", "lease", "3s", "database-url", url(cluster, proxy));
        var client = Trio.connectedTo(a)) {
      var number = c.id();
      var history = new History();
      var onC = client.on(c).get().sse();
      send(history, a, client.sessionId(), "one");
      read(history, onC, client.sessionId());

      proxy.weather().silence();
      var onA = client.on(a).resume(onC.requireLastEventId()).sse();
      send(history, a, client.sessionId(), "two");
      read(history, onA, client.sessionId());
      var dead = a.events().await(InstanceDeclaredDead.class, _ -> true, Trio.FAULT_PATIENCE);
      assertThat(dead.instance()).isEqualTo(number);
      proxy.heal();

      c.events().await(InstanceFenced.class, _ -> true, Trio.FAULT_PATIENCE);
      send(history, a, client.sessionId(), "three");
      read(history, onA, client.sessionId());
      onC.requireSilence(Duration.ofMillis(100));
      cluster
          .database()
          .await(
              "exists (select from trunkline.instances where instance_id > %d and dead_at is null and left_at is null)"
                  .formatted(Math.max(number, a.id())),
              Trio.FAULT_PATIENCE);
      assertThat(client.on(c).request("ping").status()).isEqualTo(200);
      history.verdict().requireClean();
    }
  }

  /// Goal: an outage that outlasts the lease stops a task's handler, but not a task that may run
  /// again. Method: only one instance, so that nobody else could take the task over.
  @Test
  void a_task_that_may_run_again_does_after_an_outage(TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    var gate = tools.gate("outage");
    cluster.with(tools.catalog()).with("lease", "1s");
    try (var proxy = proxy(cluster.database());
        var a = cluster.start("a", "database-url", url(cluster, proxy));
        var client = Trio.connectedTo(a)) {
      var task =
          client
              .on(a)
              .request(
                  "tools/call",
                  json("{'name':'ask_and_hold','arguments':{'name':'outage'},'task':{}}"))
              .result()
              .path("task");
      var params = json("{'taskId':%s}", task.get("taskId"));
      var question =
          client.on(a).request("tasks/result", params).sse().nextMessage("elicitation/create");
      client.on(a).respond(question, json("{'action':'accept','content':{'name':'Ada'}}"));
      gate.awaitBegun();

      proxy.refuse();
      a.events().await(TenureEnded.class, _ -> true, Trio.FAULT_PATIENCE);
      proxy.heal();
      cluster
          .database()
          .await("exists (select from trunkline.tasks where run = 2)", Trio.FAULT_PATIENCE);
      gate.open();

      var result = client.on(a).request("tasks/result", params).result();
      assertThat(result.toString()).contains("held for Ada");
      assertThat(gate.runs()).isEqualTo(2);
    }
  }

  /// The same for a call, whose client comes back when its stream pauses for too long.
  @Test
  void a_call_that_may_run_again_does_after_an_outage(TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    var gate = tools.gate("outage");
    cluster.with(tools.catalog()).with("lease", "1s");
    try (var proxy = proxy(cluster.database());
        var a = cluster.start("a", "database-url", url(cluster, proxy));
        var client = Trio.connectedTo(a)) {
      var call = client.on(a).call("ask_and_hold", Trio.named("outage")).sse();
      client.on(a).respond(call.nextMessage("elicitation/create"), Trio.ADA);
      gate.awaitBegun();
      var last = call.requireLastEventId();

      proxy.refuse();
      a.events().await(TenureEnded.class, _ -> true, Trio.FAULT_PATIENCE);
      proxy.heal();
      cluster
          .database()
          .await("exists (select from trunkline.calls where runs = 2)", Trio.FAULT_PATIENCE);
      gate.open();

      var next = client.on(a).resume(last).sse().nextMessage(Trio.FAULT_PATIENCE);
      assertThat(Reply.text(next.path("result"))).isEqualTo("held for Ada");
      assertThat(gate.runs()).isEqualTo(2);
    }
  }

  /// Goal: a handler that is done is not undone by an outage, however long; its tool may not run
  /// again.
  @Test
  void what_a_task_ended_with_during_an_outage_is_kept(TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    var gate = tools.gate("ended");
    cluster.with(tools.catalog()).with("lease", "3s");
    try (var proxy = proxy(cluster.database());
        var a = cluster.start("a", "database-url", url(cluster, proxy));
        var client = Trio.connectedTo(a)) {
      var task =
          client
              .on(a)
              .request(
                  "tools/call",
                  json("{'name':'wait_silently','arguments':{'name':'ended'},'task':{}}"))
              .result()
              .path("task");
      gate.awaitBegun();

      proxy.refuse();
      a.events().await(HeartbeatFailed.class);
      gate.open();
      a.events().await(TenureEnded.class, _ -> true, Trio.FAULT_PATIENCE);
      proxy.heal();

      var params = json("{'taskId':%s}", task.get("taskId"));
      var result = client.on(a).request("tasks/result", params).result();
      assertThat(result.toString()).contains("waited ended");
    }
  }

  private static Proxy proxy(TestDatabase db) {
    var server = URI.create(db.url().substring("jdbc:".length()));
    return new Proxy(server.getHost(), server.getPort());
  }

  private static String url(TestCluster cluster, Proxy proxy) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(proxy.port(), cluster.database().name());
  }

  private static void send(History history, Instance sender, String session, String text) {
    history.attempted(session, text);
    assertThat(sender.server().handle().send(session, Trio.notification(text)))
        .isEqualTo(new SendOutcome.Sent());
    history.acknowledged(session, text);
  }

  private static void read(History history, RawSse stream, String session)
      throws InterruptedException {
    var event = stream.nextMessageEvent(Trio.FAULT_PATIENCE);
    var text = event.log();
    history.delivered(session, text, event.requireId(), "reader");
  }
}
