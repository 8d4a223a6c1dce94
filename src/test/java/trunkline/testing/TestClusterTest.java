package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent.InstanceLeft;
import trunkline.telemetry.ServerEvent.InstanceRegistered;

@Tag("cluster")
class TestClusterTest {
  @Test
  void instances_of_one_cluster_share_their_sessions(TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b", "poll-only", "true");
    try (var client = new McpTestClient()) {
      client.on(a.url()).connect("2025-11-25", "{}");

      assertThat(client.on(b.url()).request("ping", "{}").result()).isEmpty();
      assertThat(a.id()).isNotEqualTo(b.id());
      assertThat(b.events().await(InstanceRegistered.class).instance()).isEqualTo(b.id());
    }
    b.close();
    assertThat(b.events().await(InstanceLeft.class)).isNotNull();
  }

  @Test
  void a_killed_instance_says_no_goodbye(TestCluster cluster) {
    var a = cluster.start("a");

    a.kill();

    assertThat(
            cluster
                .database()
                .sql("select left_at is null and dead_at is null from trunkline.instances")
                .value())
        .isEqualTo(true);
  }

  @Test
  void a_process_is_killed_frozen_and_ended(TestCluster cluster) throws Exception {
    var a = cluster.startProcess("a");
    try (var client = new McpTestClient()) {
      client.on(a.url()).connect("2025-11-25", "{}");
      a.freeze();
      a.thaw();
      assertThat(client.on(a.url()).request("ping", "{}").result()).isEmpty();
    }

    a.terminate();

    assertThat(a.awaitExit()).as(a.text()).isZero();
    assertThat(
            cluster
                .database()
                .sql(
                    "select left_at is not null from trunkline.instances where instance_id = ?",
                    a.id())
                .value())
        .isEqualTo(true);
  }
}
