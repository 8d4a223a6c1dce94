package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.feature.SendOutcome;
import trunkline.testing.History;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Requirements B2, B3 and B6 under load: what was sent is kept, in order, for a client that comes
/// back anywhere.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class ReplayAcrossInstancesTest {

  private final Trio trio;

  ReplayAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  /// Goal: ids rise and delivery is in their order, however many write at once. Method: 50 senders
  /// on two instances, one reader on the third, judged by the history.
  @Test
  void parallel_senders_on_two_instances_arrive_in_id_order() throws InterruptedException {
    var client = trio.connected(trio.a);
    var stream = client.on(trio.c).get().sse();
    var history = new History();
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var sender = 0; sender < 50; sender++) {
        send(senders, history, client, sender % 2 == 0 ? trio.a : trio.b, "s" + sender, 10);
      }
    }

    read(stream, history, client.sessionId(), 500);

    history.verdict().requireClean();
  }

  /// Goal: a client that drops its connection again and again, and comes back elsewhere, misses and
  /// repeats nothing. Method: senders go on all the time; after every 25 messages the next instance
  /// is asked.
  @Test
  void a_client_resumes_on_the_next_instance_while_senders_go_on() throws InterruptedException {
    var client = trio.connected(trio.a);
    var session = client.sessionId();
    var history = new History();
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var sender = 0; sender < 4; sender++) {
        send(senders, history, client, sender % 2 == 0 ? trio.a : trio.b, "s" + sender, 75);
      }
      var stream = client.on(trio.a).get().sse();
      for (var round = 1; round <= 12; round++) {
        read(stream, history, session, 25);
        var last = lastRead;
        stream.close();
        stream = client.on(trio.all().get(round % 3)).resume(last).sse();
      }
    }

    history.verdict().requireClean();
  }

  @Test
  void a_calls_result_is_fetched_elsewhere_after_the_connection_broke()
      throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.a).call("hold", Trio.named("dropped")).sse();
    call.nextMessage("notifications/message");
    var last = call.requireLastEventId();
    call.close();

    var resumed = client.on(trio.b).resume(last).sse();
    trio.tools.gate("dropped").open();

    assertThat(resumed.nextMessage("notifications/message").toString()).contains("open dropped");
    assertThat(resumed.nextResponse().has("result")).isTrue();
    resumed.awaitEnd(Trio.PATIENCE);
  }

  @Test
  void a_finished_call_is_replayed_and_then_there_is_nothing_left() throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.a).call("count", json("{'to':3}")).sse();
    var first = call.next().requireId();
    assertThat(call.nextResponse().has("result")).isTrue();
    var last = call.requireLastEventId();

    for (var instance : List.of(trio.b, trio.c)) {
      var replay = client.on(instance).resume(first).sse();
      for (var i = 1; i <= 3; i++) {
        assertThat(replay.nextMessage("notifications/message").toString()).contains("count " + i);
      }
      assertThat(replay.nextResponse().has("result")).isTrue();
      replay.awaitEnd(Trio.PATIENCE);
      assertThat(client.on(instance).resume(last).status()).isEqualTo(405);
    }
  }

  private String lastRead = "";

  private void read(RawSse stream, History history, String session, int count)
      throws InterruptedException {
    for (var i = 0; i < count; i++) {
      var event = stream.nextMessageEvent(Trio.PATIENCE);
      lastRead = event.requireId();
      history.delivered(session, event.log(), lastRead, "reader");
    }
  }

  private static void send(
      ExecutorService senders,
      History history,
      McpTestClient client,
      Instance instance,
      String name,
      int count) {
    var session = client.sessionId();
    var _ =
        senders.submit(() -> {
          for (var i = 0; i < count; i++) {
            var message = name + "-" + i;
            history.attempted(session, message);
            var sent = instance.server().handle().send(session, Trio.notification(message));
            if (sent instanceof SendOutcome.Sent) {
              history.acknowledged(session, message);
            }
          }
        });
  }
}
