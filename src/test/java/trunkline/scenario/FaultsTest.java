package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import trunkline.jsonrpc.Codec;
import trunkline.store.DatabaseUnavailable;
import trunkline.testing.History;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.SseEvent;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Instances that are killed and frozen, and a database that drops everybody. Processes, because a
/// kill must be a real one.
@Tag("cluster")
class FaultsTest {

  /// S16, F4: the client asked on a call that was running on the killed instance.
  @Test
  void the_call_of_a_killed_instance_ends_with_exactly_one_error(TestCluster cluster)
      throws Exception {
    cluster.with("features", "conformance").with("lease", "2s");
    var a = cluster.startProcess("a");
    var b = cluster.start("b");
    var c = cluster.start("c");
    try (var client = Trio.connectedTo(b)) {
      String last;
      try (var call = client.on(a).call("test_elicitation", json("{'message':'m'}")).sse()) {
        call.nextMessage("elicitation/create");
        last = call.requireLastEventId();
        a.kill();
      }

      try (var resumed = client.on(b).resume(last).sse()) {
        var error = resumed.nextMessage(Trio.FAULT_PATIENCE).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(-32603);
        assertThat(error.path("data").path("reason").asString()).isEqualTo("executor_lost");
        resumed.awaitEnd(Trio.FAULT_PATIENCE);
        last = resumed.requireLastEventId();
      }
      assertThat(client.on(c).resume(last).status()).isEqualTo(405);
      cluster
          .database()
          .await(
              "not exists (select from trunkline.pending_requests where outcome is null)",
              Trio.FAULT_PATIENCE);
    } finally {
      b.close();
      c.close();
    }
  }

  /// S3, F3: frozen, declared dead, taken over, thawed; what it still has to say is refused.
  @Test
  void a_frozen_instance_that_thaws_writes_nothing_more(TestCluster cluster) throws Exception {
    cluster.with("features", "conformance").with("lease", "2s");
    var a = cluster.startProcess("a");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      try (var call = client.on(a).call("test_elicitation", json("{'message':'m'}")).sse()) {
        var asked = call.nextMessage("elicitation/create");
        var last = call.requireLastEventId();
        a.freeze();
        try (var resumed = client.on(b).resume(last).sse()) {
          assertThat(resumed.nextMessage(Trio.FAULT_PATIENCE).path("error").path("code").asInt())
              .isEqualTo(-32603);
          resumed.awaitEnd(Trio.FAULT_PATIENCE);
        }
        a.thaw();
        client
            .on(b)
            .respond(asked, json("{'action':'accept','content':{'username':'u','email':'e'}}"));
        cluster
            .database()
            .await(
                "(select count(*) from trunkline.instances where dead_at is null and left_at is null) = 2",
                Trio.FAULT_PATIENCE); // it came back, as another one
        assertThat(client.on(a).request("ping").result()).isEmpty();
      }
      assertThat(
              cluster
                  .database()
                  .sql(
                      """
                      select count(*) from trunkline.outbound_messages m join trunkline.streams s using (stream_id)
                       where not s.standalone and convert_from(m.payload, 'UTF8') like '%"result"%'
                      """)
                  .number())
          .isZero();
    } finally {
      b.close();
    }
  }

  /// F3: nobody is declared dead while its lease runs, and everybody soon after.
  @Test
  void a_killed_instance_is_declared_dead_soon_after_its_lease(TestCluster cluster)
      throws Exception {
    cluster.with("lease", "3s");
    var a = cluster.startProcess("a");
    cluster.start("b");
    cluster.start("c");
    a.kill();

    cluster
        .database()
        .await(
            "exists (select from trunkline.instances where instance_id = %d and dead_at is not null)"
                .formatted(a.id()),
            Trio.FAULT_PATIENCE);
    assertThat(
            cluster
                .database()
                .sql(
                    "select dead_at > lease_until and dead_at < lease_until + interval '10 seconds' from trunkline.instances where instance_id = ?",
                    a.id())
                .value())
        .as("after the lease, within one observation")
        .isEqualTo(true);
  }

  /// F9: an operator knows before the lease ends; what runs there ends with its one error at once,
  /// from whoever is first, and what its handler still says is not heard.
  @Test
  void what_runs_on_an_instance_that_an_operator_declares_dead_ends(TestCluster cluster)
      throws Exception {
    var tools = new ScenarioTools();
    cluster.with(tools.catalog()).with("lease", "5m");
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).call("hold", Trio.named("declared")).sse();
      call.nextLog();
      var last = call.requireLastEventId();

      assertThat(cluster.database().sql("select trunkline.declare_dead(?)", a.id()).value())
          .isEqualTo(true);

      try (var resumed = client.on(b).resume(last).sse()) {
        var error = resumed.nextMessage(Trio.FAULT_PATIENCE).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(-32603);
        tools.gate("declared").open();
        resumed.awaitEnd(Trio.FAULT_PATIENCE);
      }
      assertThat(
              cluster
                  .database()
                  .sql(
                      """
                      select count(*) from trunkline.outbound_messages m join trunkline.streams s using (stream_id)
                       where not s.standalone and convert_from(m.payload, 'UTF8') like '%"id"%'
                      """)
                  .number())
          .as("one answer")
          .isOne();
    }
  }

  /// E3: a subscription belongs to its session, not to the instance that took it.
  @Test
  void a_subscription_outlives_the_instance_that_took_it(TestCluster cluster) throws Exception {
    cluster.with("features", "sample").with("lease", "2s");
    var a = cluster.startProcess("a");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      var resource =
          client
              .on(b)
              .request("resources/list")
              .result()
              .path("resources")
              .path(0)
              .path("uri")
              .asString();
      client.on(a).request("resources/subscribe", json("{'uri':'%s'}", resource)).result();
      a.kill();

      var stream = client.on(b).get().sse();
      b.server().handle().resourceUpdated(resource);
      assertThat(
              stream
                  .nextMessage("notifications/resources/updated")
                  .path("params")
                  .path("uri")
                  .asString())
          .isEqualTo(resource);
    }
  }

  /// C3: a broadcast that was committed reaches each session once, whoever holds its stream and
  /// dies meanwhile.
  @Test
  void broadcasts_reach_each_session_once_though_the_holder_is_killed(TestCluster cluster)
      throws Exception {
    cluster.with("lease", "2s");
    var a = cluster.startProcess("a");
    var b = cluster.start("b");
    var history = new History();
    var sessions = 6;
    var broadcasts = 60;
    var clients = new ArrayList<McpTestClient>();
    try {
      var streams = new ArrayList<RawSse>();
      for (var session = 0; session < sessions; session++) {
        clients.add(Trio.connectedTo(b));
        streams.add(clients.getLast().on(a).get().sse());
        streams.getLast().next(Trio.FAULT_PATIENCE);
      }
      for (var i = 0; i < broadcasts; i++) {
        var text = "m" + i;
        for (var session = 0; session < sessions; session++) {
          history.attempted("s" + session, text);
        }
        cluster
            .database()
            .sql(
                "select trunkline.broadcast(?)",
                new String(Codec.encode(Trio.notification(text)), StandardCharsets.UTF_8));
        for (var session = 0; session < sessions; session++) {
          history.acknowledged("s" + session, text);
        }
        if (i == broadcasts / 2) {
          var out = streams.getFirst().next(Trio.FAULT_PATIENCE); // some are out by now
          history.delivered("s0", out.log(), out.requireId(), "first");
          a.kill();
        }
      }

      for (var session = 0; session < sessions; session++) {
        var name = "s" + session;
        var cut = streams.get(session);
        cut.awaitEnd(Trio.FAULT_PATIENCE);
        var before = cut.ids().size();
        var texts = new HashSet<String>();
        for (var i = session == 0 ? 2 : 1; i < before; i++) { // after what was read above
          note(history, name, "first", cut.next(), texts);
        }
        try (var resumed = clients.get(session).on(b).resume(cut.requireLastEventId()).sse()) {
          while (texts.size() < broadcasts - (session == 0 ? 1 : 0)) {
            note(history, name, "second", resumed.next(Trio.FAULT_PATIENCE), texts);
          }
        }
      }
      history.verdict().requireClean();
    } finally {
      clients.forEach(McpTestClient::close);
    }
  }

  private static void note(
      History history, String name, String reader, SseEvent event, Set<String> texts) {
    if (event.isMessage()) {
      texts.add(event.log());
      history.delivered(name, event.log(), event.requireId(), reader);
    }
  }

  /// C5: the table, the counter and whoever LISTENs tell the same story of one stream.
  @Test
  void opened_here_taken_over_there_killed_is_one_story(TestCluster cluster) throws Exception {
    cluster.with("announce-connections", "true").with("lease", "2s");
    var a = cluster.start("a");
    var b = cluster.startProcess("b");
    try (var client = Trio.connectedTo(a);
        var listener = cluster.database().open()) {
      listener.createStatement().execute("listen trunkline_connections");
      var story = new ArrayList<String>();
      try (var first = client.on(a).get().sse()) {
        first.next(Trio.FAULT_PATIENCE);
        hear(listener.unwrap(PGConnection.class), story, 1);
        try (var second = client.on(b).get().sse()) {
          second.next(Trio.FAULT_PATIENCE);
          hear(listener.unwrap(PGConnection.class), story, 3);
          b.kill();
          cluster
              .database()
              .await(
                  "(select close_reason = 'fenced' and holder_instance is null from trunkline.streams where standalone)",
                  Trio.FAULT_PATIENCE);
        }
      }
      assertThat(story)
          .containsExactlyInAnyOrder(
              "opened 1 " + a.id(), "closed 1 " + a.id() + " taken over", "opened 2 " + b.id());
      assertThat(client.on(a).raw("GET", new byte[0]).status()).isNotZero();
    } finally {
      a.close();
    }
  }

  private static void hear(PGConnection listener, List<String> story, int events) throws Exception {
    var until = System.nanoTime() + Trio.FAULT_PATIENCE.toNanos();
    while (story.size() < events && System.nanoTime() - until < 0) {
      for (var heard :
          Objects.requireNonNullElse(listener.getNotifications(500), new PGNotification[0])) {
        var json = Json.of(heard.getParameter());
        story.add(
            (json.path("event").asString()
                    + " "
                    + json.path("epoch").asLong()
                    + " "
                    + json.path("instance").asInt()
                    + " "
                    + json.path("reason").asString())
                .strip());
      }
    }
  }

  /// Goal: a database that drops every connection costs time, nothing else (G3). Method: two
  /// instances send while all backends are killed again and again; a third one's stream is read.
  @Test
  void killed_connections_lose_nothing_and_double_nothing(TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    var c = cluster.start("c");
    var history = new History();
    var messages = 300;
    try (var client = Trio.connectedTo(a);
        var stream = client.on(c).get().sse();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sending =
          threads.submit(() -> {
            for (int i = 0; i < messages; i++) {
              var text = "m" + i;
              var sender = i % 2 == 0 ? a : b;
              history.attempted("s", text);
              sendPatiently(sender, client, text);
              history.acknowledged("s", text);
              if (i % 60 == 30) {
                cluster.database().terminateBackends("trunkline%");
              }
            }
            return true;
          });
      read(stream, history, messages);
      assertThat(sending.get(120, TimeUnit.SECONDS)).isTrue();
      history.verdict().requireClean();
    } finally {
      List.of(a, b, c).forEach(Instance::close);
    }
  }

  /// The look-up of a session may fail while its connection is killed; nothing was published then.
  private static void sendPatiently(Instance sender, McpTestClient client, String text) {
    while (true) {
      try {
        Trio.send(sender, client, text);
        return;
      } catch (DatabaseUnavailable e) {
        assertThat(sender.server().url()).isNotEmpty(); // again
      }
    }
  }

  private static void read(RawSse stream, History history, int messages)
      throws InterruptedException {
    var seen = new HashSet<String>();
    while (seen.size() < messages) {
      var event = stream.nextMessageEvent(Trio.FAULT_PATIENCE);
      var text = event.log();
      seen.add(text);
      history.delivered("s", text, Objects.requireNonNull(event.id()), "c");
    }
  }
}
