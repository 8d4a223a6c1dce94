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

  /// Goal: one anonymous client keeps nobody out. Method: it opens all the sessions that there may
  /// be, on one instance; others come on the other one, at once and after a minute.
  @Test
  void who_only_opens_sessions_keeps_nobody_out(TestCluster cluster) throws Exception {
    cluster.with("sessions-max", "10");
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var flood = new McpTestClient();
        var following = new McpTestClient();
        var used = new McpTestClient();
        var late = new McpTestClient()) {
      following.on(a).connect(Trio.REVISION);
      var stream = following.on(a).get();
      used.on(a).connect(Trio.REVISION);
      for (var i = 0; i < 8; i++) {
        assertThat(initialize(flood, a).status()).isEqualTo(200);
      }
      b.server().sweepOnce(); // counts

      requireRefused(initialize(flood, a), "the limit is 10", "sessions-max");
      requireRefused(initialize(late, b), "the limit is 10", "sessions-max");
      cluster
          .database()
          .sql(
              "update trunkline.sessions set last_used_at = clock_timestamp() - interval '2 minutes' where session_id <> ?",
              used.sessionId());
      lookAgain(late, b);

      assertThat(late.on(a).request("ping").status()).isEqualTo(200);
      assertThat(used.on(b).request("ping").status()).isEqualTo(200);
      assertThat(following.on(b).request("ping").status()).isEqualTo(200);
      assertThat(stream.isStream()).isTrue();
    }
  }

  /// Room is looked for once in a second.
  private static void lookAgain(McpTestClient client, TestCluster.Instance instance) {
    var until = System.nanoTime() + Trio.PATIENCE.toNanos();
    while (initialize(client, instance).status() != 200) {
      assertThat(System.nanoTime() - until).isNegative();
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
