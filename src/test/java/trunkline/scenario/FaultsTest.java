package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import trunkline.store.DatabaseUnavailable;
import trunkline.testing.History;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
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
