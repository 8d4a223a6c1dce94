package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.signal.NotifyRequired;
import trunkline.telemetry.ServerEvent.WakeModeChanged;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// The pool through PgBouncer in transaction mode, where a connection of ours is another one of the
/// server's with each transaction.
@Tag("peer")
class PgBouncerTest {
  @Test
  void with_listen_past_it_everything_works_and_notifications_arrive(
      TestCluster cluster, @TempDir Path folder) throws Exception {
    try (var pooler = PgBouncer.start(folder, cluster.database());
        cluster) { // which ends first
      cluster
          .with("database-url", pooler.url())
          .with("database-direct-url", cluster.database().url())
          .with("require-notify", "true");
      var a = cluster.start("a");
      var b = cluster.start("b");

      assertThat(healthOf(a)).contains("notify");
      callAcross(a, b);
    }
  }

  @Test
  void with_listen_lost_in_it_that_is_found_at_start_and_it_polls(
      TestCluster cluster, @TempDir Path folder) throws Exception {
    try (var pooler = PgBouncer.start(folder, cluster.database());
        cluster) { // which ends first
      cluster.with("database-url", pooler.unpreparedUrl());
      var a = cluster.start("a");
      var b = cluster.start("b");

      assertThat(a.events().await(WakeModeChanged.class).reason()).contains("canary");
      assertThat(healthOf(a)).contains("polling");
      callAcross(a, b);
      assertThat(pooler.settings("synchronous_commit")).containsOnly("on");
    }
  }

  @Test
  void with_listen_lost_in_it_who_requires_notifications_does_not_start(
      TestCluster cluster, @TempDir Path folder) throws Exception {
    try (var pooler = PgBouncer.start(folder, cluster.database());
        cluster) { // which ends first
      cluster.with("database-url", pooler.unpreparedUrl()).with("require-notify", "true");

      assertThatThrownBy(() -> cluster.start("a"))
          .isInstanceOf(NotifyRequired.class)
          .hasMessageContaining("canary");
    }
  }

  /// A call on the one instance whose question is answered at the other.
  private static void callAcross(TestCluster.Instance a, TestCluster.Instance b)
      throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(a.url()).connect("2025-11-25", "{\"elicitation\":{}}");
      var standalone = client.on(b.url()).get().sse();
      for (var round = 0; round < 10; round++) {
        var call = client.on(a.url()).call("order_pizza", "{}").sse();
        var question = call.nextMessage("elicitation/create");
        assertThat(client.on(b.url()).respond(question, "{\"action\":\"decline\"}").status())
            .isEqualTo(202);
        assertThat(call.nextResponse().toString()).contains("No pizza then.");
        client.on(a.url()).call("shout", "{\"text\":\"round " + round + "\"}").result();
        assertThat(standalone.nextMessage().toString()).contains("round " + round);
      }
      client.on(b.url()).delete();
    }
  }

  private static String healthOf(TestCluster.Instance instance) {
    try (var client = new McpTestClient()) {
      var health =
          client
              .on(instance.url().resolve("/observe/health/ready"))
              .raw("GET", new byte[0], "Host", "localhost");
      assertThat(health.status()).isEqualTo(200);
      return Json.of(health.body()).toString();
    }
  }
}
