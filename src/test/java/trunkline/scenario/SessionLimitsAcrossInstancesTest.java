package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;

/// How many sessions there may be, of one principal and of all.
@Tag("cluster")
class SessionLimitsAcrossInstancesTest {
  private static final String[] TRUST = {
    "trusted-principal-header", "X-User", "trusted-proxies", "127.0.0.0/8"
  };

  @Test
  void a_principal_has_so_many_sessions_whichever_instance_opens_them(TestCluster cluster)
      throws Exception {
    cluster.with("principal-sessions-max", "2");
    var a = cluster.start("a", TRUST);
    var b = cluster.start("b", TRUST);

    try (var one = alice();
        var two = alice();
        var three = alice();
        var bob = new McpTestClient().withHeader("X-User", "bob")) {
      one.on(a).connect(Trio.REVISION);
      two.on(b).connect(Trio.REVISION);

      requireRefused(initialize(three, b), "alice", "the limit is 2", "principal-sessions-max");
      assertThat(initialize(bob, b).status()).isEqualTo(200);

      one.on(b).delete();
      assertThat(initialize(three, a).status()).isEqualTo(200);
    }
  }

  @Test
  void all_together_have_so_many_as_counted_now_and_then(TestCluster cluster) throws Exception {
    cluster.with("sessions-max", "2");
    var a = cluster.start("a");
    var b = cluster.start("b");

    try (var one = new McpTestClient();
        var two = new McpTestClient();
        var three = new McpTestClient()) {
      one.on(a).connect(Trio.REVISION);
      two.on(a).connect(Trio.REVISION);
      b.server().sweepOnce(); // counts

      requireRefused(initialize(three, a), "the limit is 2", "sessions-max");
      requireRefused(initialize(three, b), "the limit is 2", "sessions-max");

      one.on(b).delete();
      assertThat(initialize(three, b).status()).isEqualTo(200);
    }
  }

  private static McpTestClient alice() {
    return new McpTestClient().withHeader("X-User", "alice");
  }

  private static Reply initialize(McpTestClient client, TestCluster.Instance instance) {
    return client.on(instance).initialize(Trio.REVISION, "{}");
  }

  private static void requireRefused(Reply refused, String... words) throws InterruptedException {
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("retry-after")).isNotNull();
    assertThat(refused.error().path("message").asString()).contains(words);
  }
}
