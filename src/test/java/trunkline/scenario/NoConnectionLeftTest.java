package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.FailureKind;
import trunkline.telemetry.ServerEvent.HeartbeatFailed;
import trunkline.testing.McpTestClient;
import trunkline.testing.Squatters;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestServer;

/// Requirement G3: others have taken all connections that the server allows (`max_connections`),
/// and give them up again.
@Tag("cluster")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class NoConnectionLeftTest {
  private static final int CONNECTIONS = 24;

  /// A request is held for 30 s, and its last attempt takes some more.
  private static final Duration ANSWERED = Duration.ofSeconds(50);

  private TestServer server;
  private TestCluster cluster;

  @BeforeEach
  void start(@TempDir Path folder) {
    server = TestServer.start(folder, Map.of("max_connections", Integer.toString(CONNECTIONS)));
    cluster = new TestCluster(server.database()).with("keep-alive", "1s");
  }

  @AfterEach
  void stop() {
    try (var _ = server) {
      cluster.close();
    }
  }

  /// Goal: a full server is an outage like any other: streams stay, what was sent meanwhile waits
  /// and comes, who asks is told in time to come again. Method: strangers take even the connections
  /// that the instances have.
  @Test
  void requests_are_told_to_come_again_and_nothing_is_lost() throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    var numbers = a.id() + " " + b.id();
    try (var client = Trio.connectedTo(a).withPatience(ANSWERED);
        var stream = client.on(a).get().sse();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Trio.send(b, client, "before");
      assertThat(stream.nextLog()).isEqualTo("before");

      try (var squatters = new Squatters(server.database())) {
        squatters.takeAll();
        awaitRefused(a);
        awaitRefused(b);

        var asked = threads.submit(() -> client.on(b).request("ping"));
        var sent = threads.submit(() -> sendPatiently(b, client, "meanwhile"));
        var answer = asked.get();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after")).isNotNull();
        stream.nextComment(Trio.PATIENCE);
        assertThat(stream.isEnded()).as("kept").isFalse();
        assertThat(sent.state()).as("waits").isEqualTo(Future.State.RUNNING);

        squatters.leave(squatters.count());
        sent.get(Trio.FAULT_PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      assertThat(stream.nextLog()).isEqualTo("meanwhile");
      Trio.send(a, client, "after");
      assertThat(stream.nextLog()).isEqualTo("after");
      assertThat(client.on(b).request("ping").status()).isEqualTo(200);
      assertThat(a.id() + " " + b.id()).as("nobody was declared dead").isEqualTo(numbers);
    }
  }

  /// Goal: who has some connections serves with these. Method: only what is free is taken, and then
  /// so much is asked at once that the pool would like to grow.
  @Test
  void an_instance_serves_with_the_connections_that_it_has() throws Exception {
    var a = cluster.start("a");
    try (var client = Trio.connectedTo(a);
        var stream = client.on(a).get().sse();
        var squatters = new Squatters(server.database());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      squatters.takeFree();
      for (var i = 0; i < 100; i++) {
        var text = "m" + i;
        var sent = threads.submit(() -> Trio.send(a, client, text));
        var asked = threads.submit(() -> client.on(a).request("tools/list").status());
        sent.get(Trio.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(asked.get(Trio.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(stream.nextLog()).isEqualTo(text);
      }
    }
  }

  /// Goal: a start fails clearly or succeeds, whichever of its connections it does not get, and
  /// leaves nothing behind. Method: one more is free each time.
  @Test
  void a_start_succeeds_or_says_what_is_missing() throws Exception {
    cluster.start("first").close(); // the schema is there
    var started = false;
    try (var squatters = new Squatters(server.database())) {
      squatters.takeFree();
      for (var free = 0; !started; free++) {
        var begun = System.nanoTime();
        try (var a = cluster.start("a");
            var client = Trio.connectedTo(a)) {
          assertThat(client.on(a).request("ping").status()).isEqualTo(200);
          started = true;
        } catch (DatabaseUnavailable e) {
          assertThat(e.kind()).isEqualTo(FailureKind.AWAY);
          assertThat(e).as("with %d free", free).hasMessageContaining("too many clients");
          assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ANSWERED);
        }
        assertThat(free).as("connections that were free").isLessThan(8);
        squatters.leave(1);
      }
    }
    server
        .database()
        .await(
            "not exists (select from pg_stat_activity where application_name ~ '^trunkline' and application_name <> 'trunkline-test')",
            Trio.PATIENCE);
  }

  /// Whoever holds the handle is told that the session could not be looked up, and tries again.
  private static void sendPatiently(Instance sender, McpTestClient client, String text) {
    while (true) {
      try {
        Trio.send(sender, client, text);
        return;
      } catch (DatabaseUnavailable e) {
        assertThat(e.kind()).isEqualTo(FailureKind.AWAY); // again
      }
    }
  }

  private static void awaitRefused(Instance instance) throws InterruptedException {
    instance
        .events()
        .await(
            HeartbeatFailed.class,
            failure -> failure.reason().contains("53300 sorry, too many clients"),
            Trio.FAULT_PATIENCE);
  }
}
