package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.doctor.Doctor;
import trunkline.signal.NotifyRequired;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.telemetry.ServerEvent.WakeModeChanged;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

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

  /// A stream that goes on elsewhere, a call that is run again and a task that is taken over, after
  /// a kill: what they need is in rows, nothing in a connection.
  @Test
  void streams_calls_and_tasks_of_a_killed_instance_go_on(TestCluster cluster, @TempDir Path folder)
      throws Exception {
    try (var pooler = PgBouncer.start(folder, cluster.database());
        cluster) { // which ends first
      cluster
          .with("database-url", pooler.url())
          .with("database-direct-url", cluster.database().url())
          .with("features", "sample")
          .with("lease", "2s");
      var a = cluster.startProcess("a");
      var b = cluster.start("b");
      try (var client = new McpTestClient()) {
        client.on(a).connect("2025-11-25", "{}");
        var stream = client.on(a).get().sse();
        client.on(b).call("shout", "{\"text\":\"before\"}").result();
        assertThat(stream.nextMessage("notifications/message").toString()).contains("before");
        var call = client.on(a).callWithProgress("bake", "{\"seconds\":2}", "1").sse();
        call.nextMessage("notifications/progress");
        var task =
            client
                .on(a)
                .request(
                    "tools/call", "{\"name\":\"bake\",\"arguments\":{\"seconds\":2},\"task\":{}}")
                .result()
                .at("/task/taskId")
                .asString();
        a.kill();

        var resumed = client.on(b).resume(stream.requireLastEventId()).sse();
        client.on(b).call("shout", "{\"text\":\"after\"}").result();
        while (!resumed.nextLog().contains("after")) {
          // what the task says meanwhile
        }
        var again = client.on(b).resume(call.requireLastEventId()).sse();
        assertThat(again.nextResponse().toString()).contains("The bread is ready.");
        assertThat(
                client
                    .on(b)
                    .request("tasks/result", "{\"taskId\":\"" + task + "\"}")
                    .result()
                    .toString())
            .contains("The bread is ready.");
        assertThat(cluster.database().sql("select run from trunkline.tasks").number()).isEqualTo(2);
      }
    }
  }

  @Test
  void doctor_sees_which_of_the_urls_leads_through_it(TestCluster cluster, @TempDir Path folder)
      throws Exception {
    var db = cluster.database();
    try (var pooler = PgBouncer.start(folder, db)) {
      assertThat(wakePath(db, pooler.unpreparedUrl(), pooler.unpreparedUrl()))
          .isEqualTo(
              "warning: a pooler is between the direct URL and the server: give --database-direct-url past it");
      assertThat(wakePath(db, pooler.url(), db.url())).isEqualTo("ok");
    }
  }

  /// The verdict and the gist of the finding.
  private static String wakePath(TestDatabase db, String url, String directUrl) {
    var settings =
        DatabaseSettings.of(url, directUrl, db.user(), new Password.Literal(db.password()), 4);
    var found =
        Doctor.examine(new Connections(settings)).findings().stream()
            .filter(finding -> finding.check().equals("wake path"))
            .findFirst()
            .orElseThrow();
    if (!found.verdict().calls()) {
      return found.verdict().word();
    }
    assertThat(found.found()).contains("a pooler is between the direct URL and the server");
    return found.verdict().word()
        + ": a pooler is between the direct URL and the server: "
        + found.remedy().split(":", 2)[0];
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
