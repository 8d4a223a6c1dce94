package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

@Tag("cluster")
class MetersAcrossInstancesTest {
  private static final int MESSAGES = 1_000;

  /// Goal: an operator can tell from the numbers who wrote and who delivered.
  @Test
  void a_thousand_messages_are_published_on_one_instance_and_delivered_on_the_other(
      TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(a);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var stream = client.on(b).get().sse();
      for (var i = 0; i < MESSAGES; i++) {
        threads.execute(() -> Trio.send(a, client, "x"));
      }
      for (var i = 0; i < MESSAGES; i++) {
        stream.nextMessage();
      }

      assertThat(metrics(a))
          .contains(
              "trunkline_messages_published_total 1000.0",
              "trunkline_messages_delivered_total 0.0",
              "trunkline_streams_held 0.0",
              "trunkline_sessions_opened_total{revision=\"2025-11-25\"} 1.0");
      // The page's event comes after its bytes: the last one may still be on its way.
      b.events()
          .await(
              ServerEvent.MessagesDelivered.class,
              _ -> metrics(b).contains("trunkline_messages_delivered_total 1000.0"));
      assertThat(metrics(b))
          .contains(
              "trunkline_messages_published_total 0.0",
              "trunkline_streams_held 1.0",
              "trunkline_instances_alive 2.0");
      // A round of the catch-up may overtake a wake-up that is on its way.
      assertThat(metrics(b)).containsPattern("trunkline_sweep_found_total [0-9]\\.0");
    }
  }

  /// Requirement F1: the directory has the address that others reach an instance at, and not the
  /// one that it listens on.
  @Test
  void the_directory_tells_what_an_instance_advertises(TestCluster cluster) {
    var a = cluster.start("a", "advertise", "https://one.example/mcp");
    var b = cluster.start("b");

    assertThat(
            cluster
                .database()
                .sql("select url from trunkline.instance_directory order by instance_id")
                .column())
        .containsExactly("https://one.example/mcp", b.url().toString());
    assertThat(b.server().instances().find(a.server().instances().self()).orElseThrow().url())
        .isEqualTo("https://one.example/mcp");
  }

  /// Goal: what every instance does by itself works where nothing is wrong. Method: a session and
  /// its stream, then two rounds of every job on both instances.
  @Test
  void no_job_fails_while_nothing_is_wrong(TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(a)) {
      client.on(b).get().sse();
      for (var round = 0; round < 2; round++) {
        a.server().sweepOnce();
        b.server().sweepOnce();
      }
    }

    assertThat(a.events().all(ServerEvent.SweepFailed.class)).isEmpty();
    assertThat(b.events().all(ServerEvent.SweepFailed.class)).isEmpty();
  }

  private static String metrics(TestCluster.Instance instance) {
    try (var client = new McpTestClient()) {
      var url = URI.create(instance.url().toString().replace("/mcp", "/observe/metrics"));
      return client.on(url).raw("GET", new byte[0]).body();
    }
  }
}
