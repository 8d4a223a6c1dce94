package trunkline.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.feature.SendOutcome;
import trunkline.feature.ServerHandle;
import trunkline.testing.History;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: nothing is lost, doubled, inverted, misrouted or invented, however clients come and go.
/// Method: two instances send 100,000 messages to 200 streams that a third holds at first; readers
/// drop their connection after a random number of events and resume on a random instance.
@Tag("cluster")
class HundredThousandMessagesTest {
  private static final int STREAMS = 200;
  private static final int MESSAGES_EACH = 500;
  private static final int SENDING_AT_ONCE = 400;
  private static final int DROPS_EACH_MAX = 4;

  private final History history = new History();
  private final CountDownLatch allRead = new CountDownLatch(STREAMS);

  @Test
  void a_hundred_thousand_messages_reach_two_hundred_streams_once_and_in_order(TestCluster cluster)
      throws Exception {
    var trio = Trio.of(WakeUp.NOTIFY, cluster, Map.of());
    var instances = List.of(trio.c, trio.a, trio.b);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var clients = new ArrayList<McpTestClient>();
      for (int i = 0; i < STREAMS; i++) {
        var client = trio.connected(instances.get(i % 3));
        clients.add(client);
        var seed = i;
        threads.execute(() -> read(client, instances, new Random(seed)));
      }
      send(threads, clients, List.of(trio.a.server().handle(), trio.b.server().handle()));

      Assertions.assertThat(allRead.await(240, TimeUnit.SECONDS))
          .as("all messages read; %s streams are not through", allRead.getCount())
          .isTrue();
      trio.closeClients();
    }
    history.verdict().requireClean();
  }

  private void send(
      ExecutorService threads, List<McpTestClient> clients, List<ServerHandle> senders)
      throws InterruptedException {
    var room = new Semaphore(SENDING_AT_ONCE);
    for (int number = 0; number < MESSAGES_EACH; number++) {
      for (int stream = 0; stream < clients.size(); stream++) {
        room.acquire();
        var session = clients.get(stream).sessionId();
        var text = "m" + number;
        var sender = senders.get((number + stream) % senders.size());
        threads.execute(() -> {
          try {
            send(sender, session, text);
          } finally {
            room.release();
          }
        });
      }
    }
    room.acquire(SENDING_AT_ONCE);
  }

  private void send(ServerHandle sender, String session, String text) {
    history.attempted(session, text);
    if (sender.send(session, Trio.notification(text)) instanceof SendOutcome.Sent) {
      history.acknowledged(session, text);
    }
  }

  private void read(McpTestClient client, List<Instance> instances, Random random) {
    var left = MESSAGES_EACH;
    var drops = 0;
    String last = null;
    try {
      while (left > 0) {
        var instance = drops == 0 ? instances.getFirst() : instances.get(random.nextInt(3));
        var until = drops < DROPS_EACH_MAX ? 1 + random.nextInt(MESSAGES_EACH / 3) : left;
        var reply = last == null ? client.on(instance).get() : client.on(instance).resume(last);
        try (var stream = reply.sse()) {
          for (int i = 0; i < until && left > 0; i++, left--) {
            var event = stream.nextMessageEvent(Duration.ofMinutes(2));
            last = Objects.requireNonNull(event.id());
            history.delivered(client.sessionId(), event.log(), last, "reader " + drops);
          }
        }
        drops++;
      }
      allRead.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
