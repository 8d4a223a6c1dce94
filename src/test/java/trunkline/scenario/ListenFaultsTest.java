package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import trunkline.feature.FeatureKind;
import trunkline.telemetry.ServerEvent.AnnouncementsRewound;
import trunkline.telemetry.ServerEvent.InstanceDrained;
import trunkline.telemetry.ServerEvent.InstanceRegistered;
import trunkline.telemetry.ServerEvent.ListenClosed;
import trunkline.telemetry.ServerEvent.ListenOpened;
import trunkline.testing.Json;
import trunkline.testing.RawSse;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Streams for changes when instances leave, die, or have missed something, and when clients do.
@Tag("cluster")
class ListenFaultsTest {
  private static final String ALL =
      """
      {'toolsListChanged':true,'promptsListChanged':true,'resourcesListChanged':true,
       'resourceSubscriptions':['scenario://weather']}
      """;

  private final StatelessTestClient client = new StatelessTestClient();

  @AfterEach
  void close() {
    client.close();
  }

  private RawSse listening(Instance instance, String id, String notifications)
      throws InterruptedException {
    var stream = client.on(instance).listenAs(id, notifications).sse();
    assertThat(stream.next().message().path("method").asString())
        .isEqualTo("notifications/subscriptions/acknowledged");
    return stream;
  }

  private static TestCluster scenario(TestCluster cluster) {
    return cluster.with(new ScenarioTools().catalog());
  }

  private static void requireResult(RawSse stream, JsonNode id) throws InterruptedException {
    var result = stream.nextResponse();
    assertThat(result.path("id")).isEqualTo(id);
    assertThat(result.at("/result/resultType").asString()).isEqualTo("complete");
    assertThat(result.at("/result/_meta/io.modelcontextprotocol~1subscriptionId")).isEqualTo(id);
    assertThat(result.at("/result/_meta/io.modelcontextprotocol~1serverInfo/name").asString())
        .isEqualTo("trunkline");
    stream.awaitEnd(Trio.PATIENCE);
    assertThat(stream.failure()).isNull();
  }

  private static void requireAllHinted(RawSse stream) throws InterruptedException {
    var told = new ArrayList<String>();
    for (var i = 0; i < 4; i++) {
      var message = stream.next().message();
      told.add(message.path("method").asString() + message.at("/params/uri").asString(""));
    }
    assertThat(told)
        .containsExactlyInAnyOrder(
            "notifications/tools/list_changed",
            "notifications/prompts/list_changed",
            "notifications/resources/list_changed",
            "notifications/resources/updatedscenario://weather");
  }

  @Test
  void a_drained_instance_ends_its_streams_with_a_result(TestCluster cluster) throws Exception {
    var a = scenario(cluster).start("a");
    var b = cluster.start("b");
    var stream = listening(a, "7", ALL);

    cluster.database().sql("select trunkline.drain(?)", a.id());

    requireResult(stream, Json.of("7"));
    a.events().await(InstanceDrained.class);
    var late = listening(a, "\"late\"", ALL);
    requireResult(late, Json.of("\"late\""));
    var elsewhere = listening(b, "8", ALL);
    cluster.database().sql("select trunkline.undrain(?)", a.id());
    cluster
        .database()
        .await(
            "exists (select from trunkline.instance_directory where instance_id = %d and state = 'ready')"
                .formatted(a.id()),
            Trio.PATIENCE);
    var again = listening(a, "9", ALL);
    b.server().handle().resourceUpdated("scenario://weather");
    assertThat(again.next().message().path("method").asString())
        .isEqualTo("notifications/resources/updated");
    assertThat(elsewhere.next().message().path("method").asString())
        .isEqualTo("notifications/resources/updated");
  }

  @Test
  void an_instance_that_is_told_to_end_ends_its_streams_with_a_result(TestCluster cluster)
      throws Exception {
    var a = scenario(cluster).start("a");
    var stream = listening(a, "7", ALL);

    a.close();

    requireResult(stream, Json.of("7"));
    assertThat(a.events().await(ListenClosed.class))
        .isEqualTo(new ListenClosed(a.id(), "7", "drained"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_crowd_is_sent_away_one_by_one(boolean bySignal, TestCluster cluster) throws Exception {
    var a = scenario(cluster).start("a");
    cluster.start("b");
    var streams = new ArrayList<RawSse>();
    for (var i = 0; i < CROWD; i++) {
      streams.add(listening(a, Integer.toString(i), ALL));
    }
    var ends = new ConcurrentLinkedQueue<Long>();
    var readers =
        streams.stream()
            .map(stream ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        stream.nextResponse();
                        ends.add(System.nanoTime());
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    }))
            .toList();

    if (bySignal) {
      a.close();
    } else {
      cluster.database().sql("select trunkline.drain(?)", a.id());
    }
    for (var reader : readers) {
      reader.join();
    }

    var times = ends.stream().sorted().toList();
    assertThat(times).hasSize(CROWD);
    assertThat(TimeUnit.NANOSECONDS.toMillis(times.getLast() - times.getFirst()))
        .as("from the first to the last")
        .isGreaterThan(CROWD / 2);
  }

  /// At a thousand a second.
  private static final int CROWD = 200;

  @Test
  void an_instance_that_dies_breaks_the_connection_and_its_client_listens_elsewhere(
      TestCluster cluster) throws Exception {
    var a = scenario(cluster).start("a");
    var b = cluster.start("b");
    var stream = listening(a, "7", ALL);

    a.kill();

    stream.awaitEnd(Trio.PATIENCE);
    var again = listening(b, "8", ALL);
    b.server().handle().setEnabled(FeatureKind.PROMPT, "greet", false);
    assertThat(again.next().message().path("method").asString())
        .isEqualTo("notifications/prompts/list_changed");
    b.server().handle().setEnabled(FeatureKind.PROMPT, "greet", true);
  }

  /// Method: what was heard is deleted, as in a restored database.
  @Test
  void after_a_log_that_was_put_back_all_is_doubted(TestCluster cluster) throws Exception {
    var a = scenario(cluster).start("a");
    var b = cluster.start("b");
    var stream = listening(a, "7", ALL);
    var other = listening(a, "8", "{'toolsListChanged':true}");
    b.server().handle().resourceUpdated("scenario://weather");
    assertThat(stream.next().message().at("/params/uri").asString())
        .isEqualTo("scenario://weather");

    cluster.database().sql("delete from trunkline.announcements");

    a.events().await(AnnouncementsRewound.class);
    requireAllHinted(stream);
    assertThat(other.next().message().path("method").asString())
        .isEqualTo("notifications/tools/list_changed");
  }

  @Test
  void an_instance_that_was_declared_dead_keeps_its_streams_and_doubts_all(TestCluster cluster)
      throws Exception {
    var a = scenario(cluster).with("lease", "2s").start("a");
    var b = cluster.start("b");
    var stream = listening(a, "7", ALL);
    var former = a.id();

    cluster.database().sql("select trunkline.declare_dead(?)", former);
    a.events().await(InstanceRegistered.class, it -> it.instance() != former);

    requireAllHinted(stream);
    b.server().handle().resourceUpdated("scenario://weather");
    assertThat(stream.next().message().at("/params/uri").asString())
        .isEqualTo("scenario://weather");
  }

  @Test
  void a_principal_has_so_many_streams_on_an_instance(TestCluster cluster) throws Exception {
    String[] own = {
      "principal-listens-max", "2",
      "keep-alive", "1s",
      "trusted-principal-header", "X-User",
      "trusted-proxies", "127.0.0.0/8"
    };
    var a = scenario(cluster).start("a", own);
    var b = cluster.start("b", own);
    try (var alice = new StatelessTestClient().withHeader("X-User", "alice");
        var bob = new StatelessTestClient().withHeader("X-User", "bob")) {
      var first = alice.on(a).listenAs("1", ALL);
      alice.on(a).listenAs("2", ALL).sse().next();
      first.sse().next();

      var refused = alice.on(a).listenAs("3", ALL);
      assertThat(refused.status()).isEqualTo(200);
      assertThat(refused.error().at("/data/limit").asString()).isEqualTo("principal-listens-max");
      assertThat(refused.error().at("/data/max").asInt()).isEqualTo(2);
      alice.on(b).listenAs("3", ALL).sse().next();
      bob.on(a).listenAs("1", ALL).sse().next();

      first.close();
      a.events().await(ListenClosed.class);
      alice.on(a).listenAs("4", ALL).sse().next();
    }
  }

  @Test
  void a_client_that_vanished_is_forgotten_within_one_keep_alive_interval(TestCluster cluster)
      throws Exception {
    var keepAlive = Duration.ofSeconds(2);
    var a = scenario(cluster).start("a", "keep-alive", keepAlive.toMillis() + "ms");
    var stream = listening(a, "7", ALL);
    assertThat(a.events().await(ListenOpened.class)).isEqualTo(new ListenOpened(a.id(), "7"));
    assertThat(stream.nextComment(keepAlive.plusSeconds(5))).isEmpty();

    stream.close();
    var left = System.nanoTime();

    assertThat(a.events().await(ListenClosed.class))
        .isEqualTo(new ListenClosed(a.id(), "7", "client left"));
    assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(keepAlive);
  }
}
