package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.McpTestClient;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestCluster;

/// An instance that dies after it was told that a user is done: the mark and the notification are
/// one commit, so whoever lives sends it.
@Tag("cluster")
class UrlElicitationFaultsTest {
  private static final String COMPLETE = "notifications/elicitation/complete";

  /// Goal: nothing is lost and nothing doubled between the completion and its delivery. Method: the
  /// session's stream is locked, so that the notification stays in the outbox when A dies.
  @Test
  void the_notification_outlives_the_instance_that_took_the_completion(TestCluster cluster)
      throws SQLException, InterruptedException {
    var a = cluster.with(new ScenarioTools().catalog()).start("a");
    var b = cluster.start("b");
    var db = cluster.database();
    try (var client = new McpTestClient()) {
      client.on(a).connect(Trio.REVISION, json("{'elicitation':{'url':{}}}"));
      var error = client.on(a).call("need_visit", json("{'elicitation':''}")).error();
      var id = error.path("data").path("elicitations").path(0).path("elicitationId").asString();
      try (var _ =
          OpenTransaction.on(db, "select from trunkline.streams where standalone for update")) {
        assertThat(a.server().handle().completeElicitation(id, "anonymous")).isTrue();
        assertThat(db.sql("select kind from trunkline.outbox").text())
            .isEqualTo("elicitation_completed");
        a.kill();
      }

      try (var stream = client.on(b).get().sse()) {
        assertThat(stream.nextMessage(COMPLETE).path("params").path("elicitationId").asString())
            .isEqualTo(id);
        assertThat(b.server().handle().completeElicitation(id, "anonymous")).isFalse();
        b.server().handle().send(client.sessionId(), Trio.notification("that was all"));
        assertThat(stream.nextMessage().path("params").path("data").asString())
            .isEqualTo("that was all");
      }
      var again = client.on(b).call("need_visit", json("{'elicitation':'%s'}", id));
      assertThat(again.result().toString()).contains("welcome back");
    }
  }
}
