package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.signal.InstanceId;
import trunkline.telemetry.ServerEvent.StreamClosed;
import trunkline.telemetry.ServerEvent.StreamOpened;
import trunkline.testing.History;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.Running;
import trunkline.testing.SseEvent;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// A client keeps several streams open (C6), and the newest, which gets the messages, ends: the
/// youngest of the others goes on, and each message comes once.
@Tag("cluster")
@Timeout(120)
class OlderStreamsAcrossInstancesTest {
  private static final Duration SOON = Duration.ofSeconds(2); // a second, on a busy machine
  private static final String KEEP_ALIVE = "2s";

  private final History history = new History();

  private Instance start(TestCluster cluster, WakeUp wakeUp, String name) {
    return cluster.with("poll-only", wakeUp.pollOnly()).start(name, "keep-alive", KEEP_ALIVE);
  }

  private void send(Instance from, McpTestClient client, String text) {
    history.attempted(client.sessionId(), text);
    Trio.send(from, client, text);
    history.acknowledged(client.sessionId(), text);
  }

  private void receive(RawSse stream, McpTestClient client, String text)
      throws InterruptedException {
    var event = stream.nextMessageEvent(Trio.PATIENCE);
    history.delivered(client.sessionId(), event.log(), event.requireId(), "client");
    assertThat(event.log()).isEqualTo(text);
  }

  private void receiveOnOne(List<RawSse> streams, McpTestClient client, String text)
      throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var receiving =
          streams.stream()
              .<Callable<SseEvent>>map(one -> () -> one.nextMessageEvent(Trio.PATIENCE))
              .toList();
      var event = threads.invokeAny(receiving);
      history.delivered(client.sessionId(), event.log(), event.requireId(), "client");
      assertThat(event.log()).isEqualTo(text);
    }
    for (var stream : streams) {
      stream.requireSilence(Duration.ofMillis(300));
    }
  }

  /// Streams of the client on these, one after the other, each with a message of its own.
  private List<RawSse> streams(McpTestClient client, Instance sender, List<? extends Running> on)
      throws InterruptedException {
    var streams = new ArrayList<RawSse>();
    for (var instance : on) {
      streams.add(client.on(instance).get().sse());
      var text = "on " + streams.size();
      send(sender, client, text);
      receive(streams.getLast(), client, text);
    }
    return streams;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  @ParameterizedTest
  @EnumSource
  void when_the_client_closes_the_newest_the_next_youngest_goes_on_and_then_the_oldest(
      WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = start(cluster, wakeUp, "a");
    var b = start(cluster, wakeUp, "b");
    var c = start(cluster, wakeUp, "c");
    try (var client = Trio.connectedTo(a)) {
      var streams = streams(client, a, List.of(a, b, c));
      b.events().clear();

      streams.get(2).close();
      c.events().await(StreamClosed.class, e -> e.reason().equals("client left"));
      var noticed = System.nanoTime();
      b.events().await(StreamOpened.class);
      assertThat(since(noticed)).isLessThan(SOON);
      send(c, client, "to the next");
      receive(streams.get(1), client, "to the next");

      a.events().clear();
      b.events().clear();
      streams.get(1).close();
      b.events().await(StreamClosed.class, e -> e.reason().equals("client left"));
      a.events().await(StreamOpened.class);
      send(c, client, "to the oldest");
      receive(streams.get(0), client, "to the oldest");

      streams.get(0).requireSilence(Duration.ofMillis(300));
    }
    history.verdict().requireClean();
  }

  @ParameterizedTest
  @EnumSource
  void what_was_sent_while_nobody_held_the_stream_comes_once_on_the_older_one(
      WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = start(cluster, wakeUp, "a");
    var b = start(cluster, wakeUp, "b");
    try (var client = Trio.connectedTo(a)) {
      var streams = streams(client, a, List.of(a, b));

      streams.get(1).close();
      b.events().await(StreamClosed.class, e -> e.reason().equals("client left"));
      for (var text : List.of("1", "2", "3")) {
        send(b, client, text);
      }

      for (var text : List.of("1", "2", "3")) {
        receive(streams.get(0), client, text);
      }
      streams.get(0).requireSilence(Duration.ofMillis(300));
    }
    history.verdict().requireClean();
  }

  /// What a killed instance wrote since its last flush may come twice (delivery: S10): it wrote
  /// nothing after it had taken the stream. The younger has a head start; where its instance hears
  /// of the end late, the older one goes on.
  @ParameterizedTest
  @EnumSource
  void when_the_instance_of_the_newest_is_killed_an_older_one_goes_on(
      WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = start(cluster, wakeUp, "a");
    var b = start(cluster, wakeUp, "b");
    var c = cluster.startProcess("c", "features", "sample");
    try (var client = Trio.connectedTo(a)) {
      var streams = streams(client, a, List.of(a, b));
      var newest = client.on(c).get().sse();
      newest.next();

      c.kill();
      send(a, client, "after the kill");
      a.server().instances().declareDead(new InstanceId(c.id()));

      receiveOnOne(streams, client, "after the kill");
    }
    history.verdict().requireClean();
  }

  /// The frozen instance holds its socket still, and writes nothing newer when it thaws. A read
  /// that was under way in the database when it froze may bring that message a second time: it was
  /// the holder's then, and what a lost holder writes after its last flush may be doubled.
  @ParameterizedTest
  @EnumSource
  void when_the_holder_is_fenced_an_older_one_goes_on_and_the_fenced_one_is_silent(
      WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = start(cluster, wakeUp, "a");
    var c = cluster.startProcess("c", "features", "sample");
    try (var client = Trio.connectedTo(a)) {
      var streams = streams(client, a, List.of(a));
      var newest = client.on(c).get().sse();
      newest.next();

      c.freeze();
      a.server().instances().declareDead(new InstanceId(c.id()));
      send(a, client, "while it is frozen");
      receive(streams.get(0), client, "while it is frozen");
      c.thaw();
      send(a, client, "when it has thawed");
      receive(streams.get(0), client, "when it has thawed");
      newest.requireSilenceBut("while it is frozen", Duration.ofMillis(500));
    }
    history.verdict().requireClean();
  }

  /// S5: a client that comes back and an older stream do not take the stream from each other for
  /// ever.
  @ParameterizedTest
  @EnumSource
  void a_client_that_comes_back_has_the_stream_and_the_older_one_waits_again(
      WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = start(cluster, wakeUp, "a");
    var b = start(cluster, wakeUp, "b");
    try (var client = Trio.connectedTo(a)) {
      var streams = streams(client, a, List.of(a, b));
      a.events().clear();
      streams.get(1).close();
      a.events().await(StreamOpened.class);

      try (var again = client.on(b).get().sse()) {
        a.events().await(StreamClosed.class, e -> e.reason().equals("taken over"));
        a.events().clear();
        for (var text : List.of("1", "2", "3")) {
          send(a, client, text);
          receive(again, client, text);
        }
        streams.get(0).requireSilence(Duration.ofMillis(1_500));
        assertThat(a.events().all(StreamOpened.class)).isEmpty();
      }
    }
    history.verdict().requireClean();
  }
}
