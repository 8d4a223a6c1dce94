package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.ServerEvent.HeartbeatFailed;
import trunkline.telemetry.ServerEvent.ListenerLost;
import trunkline.telemetry.ServerEvent.TenureEnded;
import trunkline.testing.History;
import trunkline.testing.McpTestClient;
import trunkline.testing.Proxy;
import trunkline.testing.Proxy.Link;
import trunkline.testing.Proxy.Weather;
import trunkline.testing.RawSse;
import trunkline.testing.StatementFault;
import trunkline.testing.StatementFault.AnswerHeld;
import trunkline.testing.StatementFault.Stalled;
import trunkline.testing.StatementProxy;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Requirement G3: a connection to PostgreSQL falls silent, without a reset, as when a firewall
/// forgets it. An instance has three kinds: the pool, the one that listens, the one that beats.
@Tag("cluster")
class SilentConnectionsTest {
  private static final int MESSAGES = 40;
  private static final int MESSAGES_OF_A_LANE = 5;
  private static final Duration NEVER = Duration.ofMinutes(2);

  /// Eight seconds of silence, and much more for a busy machine.
  private static final Duration LANE_NOTICED = Duration.ofSeconds(25);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private enum Silenced {
    /// What was sent on it is asked again elsewhere after 8 s (`DatabaseSettings`).
    POOL("trunkline", Weather::silence, 30),
    /// Two canaries of 3 s.
    LISTEN("trunkline-listen", Weather::silence, 16),
    /// What the server says does not come; the socket can be written to.
    LISTEN_HALF_OPEN("trunkline-listen", Weather::silenceToClient, 16),
    /// A quarter of the lease.
    HEARTBEAT("trunkline-heartbeat", Weather::silence, 12);

    /// As `pg_stat_activity` names the connections.
    private final String application;

    @SuppressWarnings("ImmutableEnumChecker") // references to methods
    private final Consumer<Weather> silence;

    /// After which time they are given up, and as much again for a busy machine.
    private final Duration noticed;

    Silenced(String application, Consumer<Weather> silence, int noticedSeconds) {
      this.application = application;
      this.silence = silence;
      this.noticed = Duration.ofSeconds(noticedSeconds);
    }
  }

  /// Goal: whichever connection falls silent is given up and replaced in bounded time, the work
  /// goes on, and what was on its way when the cable is back happens once. Method: an instance for
  /// each kind, all at the same time, since each test mostly waits.
  @Test
  void it_is_given_up_in_time_and_the_work_goes_on(TestCluster cluster) throws Exception {
    var places = new EnumMap<Silenced, Place>(Silenced.class);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : Silenced.values()) {
        places.put(each, new Place(cluster, each));
      }
      var checks = new ArrayList<Future<?>>();
      places.values().forEach(place -> checks.add(threads.submit(place::check)));
      for (var check : checks) {
        check.get(2, TimeUnit.MINUTES);
      }
    } finally {
      for (var place : places.values()) {
        place.close();
      }
    }
  }

  /// The lanes share the pool's connections: which one a lane has is known while it uses it.
  private static final List<String> OF_LANES =
      List.of(
          "outbound_messages.publish_alone",
          "outbound_messages.read",
          "sessions.find",
          "streams.claim");

  /// Goal: a lane whose connection falls silent while it waits for an answer goes on with another
  /// one, and does once what may have been done. Method: the request, or the answer, of the lane's
  /// next statement never comes; all at the same time.
  @Test
  void a_lane_goes_on_with_another_one(TestCluster cluster) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var checks = new ArrayList<Future<?>>();
      for (var statement : OF_LANES) {
        for (var fault : List.of(new Stalled(NEVER), new AnswerHeld(NEVER))) {
          checks.add(threads.submit(() -> checkLane(cluster, statement, fault)));
        }
      }
      for (var check : checks) {
        check.get(2, TimeUnit.MINUTES);
      }
    }
  }

  private static Void checkLane(TestCluster cluster, String statement, StatementFault fault)
      throws Exception {
    var history = new History();
    try (var proxy = new StatementProxy(cluster.database().url());
        var instance = cluster.start(statement, "database-url", proxy.url());
        var client = Trio.connectedTo(instance);
        var armed = proxy.arm(statement, fault)) {
      var begun = System.nanoTime();
      try (var stream = client.on(instance).get().sse()) {
        for (var i = 0; i < MESSAGES_OF_A_LANE; i++) {
          var text = "m" + i;
          history.attempted("s", text);
          sendPatiently(instance, client, text);
          history.acknowledged("s", text);
          var event = stream.nextMessageEvent(Trio.FAULT_PATIENCE);
          history.delivered("s", event.log(), event.requireId(), "reader");
        }
        armed.awaitHit(Duration.ZERO);
        System.out.printf("%s %s: done after %s%n", statement, fault, since(begun));
        assertThat(since(begun)).as("%s %s", statement, fault).isLessThan(LANE_NOTICED);
        assertThat(stream.isEnded()).isFalse();
      }
    }
    history.verdict().requireClean();
    return null;
  }

  /// The look-up of the session has a patience of its own; then nothing was published.
  private static void sendPatiently(Instance sender, McpTestClient client, String text) {
    while (true) {
      try {
        Trio.send(sender, client, text);
        return;
      } catch (DatabaseUnavailable e) {
        assertThat(e.getMessage()).isNotEmpty(); // again
      }
    }
  }

  /// An instance, its way to the database, and a client of it.
  private static final class Place implements AutoCloseable {
    private final TestCluster cluster;
    private final Silenced silenced;
    private final Proxy proxy;
    private final Instance instance;
    private final McpTestClient client;
    private final RawSse stream;
    private final History history = new History();

    Place(TestCluster cluster, Silenced silenced) throws InterruptedException {
      this.cluster = cluster;
      this.silenced = silenced;
      var server = URI.create(cluster.database().url().substring("jdbc:".length()));
      this.proxy = new Proxy(server.getHost(), server.getPort());
      this.instance =
          cluster.start(
              silenced.name(),
              "database-url",
              "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + cluster.database().name());
      this.client = Trio.connectedTo(instance);
      this.stream = client.on(instance).get().sse();
    }

    Void check() throws Exception {
      pass("before");
      var links = links();
      assertThat(links).as("%s", silenced).isNotEmpty();
      instance.events().clear();
      links.forEach(link -> silenced.silence.accept(link.weather()));
      var begun = System.nanoTime();
      var longest = Duration.ZERO;
      for (var i = 0; i < MESSAGES || !isReplaced(links); i++) {
        var sent = System.nanoTime();
        pass("meanwhile " + i);
        longest = max(longest, since(sent));
        assertThat(since(begun)).as("%s replaced", silenced).isLessThan(silenced.noticed);
        stream.requireSilence(PAUSE);
      }
      System.out.printf(
          "%s: replaced and done after %s, longest silence of a stream %s%n",
          silenced, since(begun), longest);
      assertThat(client.on(instance).request("ping").status()).isEqualTo(200);
      noticed();

      links.forEach(link -> link.weather().clear());
      FaultBooth.await(
          silenced + " given up: " + links,
          () -> links.stream().noneMatch(link -> proxy.links().contains(link)));
      for (var i = 0; i < 5; i++) {
        pass("after " + i);
      }
      history.verdict().requireClean();
      return null;
    }

    /// The connections of the kind that are open now.
    private List<Link> links() {
      var ports =
          cluster
              .database()
              .sql(
                  "select client_port from pg_stat_activity where datname = current_database() and application_name = ?",
                  silenced.application)
              .column();
      return proxy.links().stream()
          .filter(link -> ports.contains(String.valueOf(link.serverPort())))
          .toList();
    }

    /// Another one was made, since nobody heard of the silent ones any more.
    private boolean isReplaced(List<Link> silent) {
      return links().stream().anyMatch(link -> !silent.contains(link));
    }

    private void noticed() {
      var events = instance.events();
      switch (silenced) {
        case LISTEN, LISTEN_HALF_OPEN ->
            assertThat(events.all(ListenerLost.class))
                .extracting(ListenerLost::reason)
                .singleElement()
                .asString()
                .startsWith("no canary came back");
        case HEARTBEAT -> assertThat(events.all(HeartbeatFailed.class)).hasSize(1);
        case POOL -> assertThat(events.all(HeartbeatFailed.class)).isEmpty();
      }
      assertThat(events.all(TenureEnded.class)).as("%s", silenced).isEmpty();
    }

    /// Sends and reads.
    private void pass(String text) throws InterruptedException {
      history.attempted("s", text);
      sendPatiently(instance, client, text);
      history.acknowledged("s", text);
      var event = stream.nextMessageEvent(Trio.FAULT_PATIENCE);
      assertThat(event.log()).as("%s", silenced).isEqualTo(text);
      history.delivered("s", text, event.requireId(), "reader");
    }

    @Override
    public void close() throws IOException {
      try (proxy;
          client) {
        instance.close();
      }
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
