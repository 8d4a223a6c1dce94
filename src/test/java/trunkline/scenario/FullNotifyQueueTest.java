package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static trunkline.testing.Json.json;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trunkline.telemetry.ServerEvent.CanaryReturned;
import trunkline.testing.Requirement;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestServer;

/// An idle listener in a transaction holds the server's queue of notifications, and somebody else
/// fills it. Whatever notifies fails from then on, and nothing that must happen depends on it (G3).
@Tag("cluster")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class FullNotifyQueueTest {
  private static final int SETTING_SINCE = 17;
  private static final int MESSAGES = 20;

  /// 250 to 400 ms while there is no news, and a machine that is busy.
  private static final Duration POLL = Duration.ofSeconds(1);

  @Test
  void it_costs_a_poll_interval_and_ends_by_itself(@TempDir Path folder) throws Exception {
    var major = System.getProperty("postgres-binaries.version", "18").split("\\.", 2)[0];
    if (Integer.parseInt(major) < SETTING_SINCE) {
      throw Requirement.forbidden("max_notify_queue_pages came with PostgreSQL " + SETTING_SINCE);
    }
    try (var server = TestServer.start(folder, Map.of("max_notify_queue_pages", "64"));
        var cluster = new TestCluster(server.database()).with("lease", "4s")) {
      var db = server.database();
      var a = cluster.start("a");
      var b = cluster.start("b");
      try (var client = Trio.connectedTo(a);
          var stream = client.on(a).get().sse();
          var listener = db.open()) {
        TestDatabase.run(listener, "listen idle");
        listener.setAutoCommit(false);
        TestDatabase.run(listener, "select 1");
        fill(db);
        var begun = System.nanoTime();
        for (var i = 0; i < MESSAGES; i++) {
          Trio.send(b, client, "quiet " + i);
          assertThat(stream.nextLog()).isEqualTo("quiet " + i);
        }
        var each = Duration.ofNanos((System.nanoTime() - begun) / MESSAGES);
        System.out.printf("no notifications: %d ms a message%n", each.toMillis());
        assertThat(each).isLessThan(POLL);
        var call = client.on(b).call("order_pizza", "{}").sse();
        var question = call.nextMessage("elicitation/create");
        var declined = client.on(a).respond(question, json("{'action':'decline'}"));
        assertThat(declined.status()).isEqualTo(202);
        assertThat(call.nextResponse().toString()).contains("No pizza then.");
        db.sql("select trunkline.send(?, ?)", client.sessionId(), notification("by SQL"));
        assertThat(stream.nextLog()).isEqualTo("by SQL");
        db.await(
            "(select bool_and(dead_at is null and lease_until > clock_timestamp()) from trunkline.instances)",
            Trio.PATIENCE);
        assertThat(db.sql("select trunkline.drain(?)", b.id()).text()).isEqualTo("drains");
        assertThat(db.sql("select trunkline.undrain(?)", b.id()).text()).isEqualTo("serves again");

        a.events().clear();
        listener.rollback(); // the instances make the server look who has read how far

        a.events().await(CanaryReturned.class);
        Trio.send(b, client, "loud");
        assertThat(stream.nextLog()).isEqualTo("loud");
      }
    }
  }

  private static void fill(TestDatabase db) {
    assertThatThrownBy(
            () -> {
              while (true) {
                db.sql(
                    "select pg_notify('idle', n || repeat('x', 7000)) from generate_series(1, 20) n");
              }
            })
        .hasMessageContaining("NOTIFY queue");
    assertThatThrownBy(
            () -> {
              while (true) {
                db.sql("select pg_notify('idle', '')"); // to the last byte
              }
            })
        .hasMessageContaining("NOTIFY queue");
  }

  private static String notification(String text) {
    return json(
        "{'jsonrpc':'2.0','method':'notifications/message','params':{'level':'error','data':'%s'}}",
        text);
  }
}
