package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// A client may name anything: by the ids of another session it changes nothing and locks nothing.
@Tag("cluster")
class ForeignIdsAcrossInstancesTest {
  private static final List<String> TABLES = List.of("streams", "calls", "pending_requests");

  @Test
  void the_ids_of_another_session_reach_nothing_of_it(TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b", "history-messages-max", "1");
    try (var owner = Trio.connectedTo(a);
        var stranger = Trio.connectedTo(b)) {
      var call = owner.on(a).call("test_elicitation", json("{'message':'m'}")).sse();
      var asked = call.nextMessage("elicitation/create");
      var standalone = owner.on(a).get().sse();
      Trio.send(a, owner, "1");
      Trio.send(a, owner, "2");
      standalone.nextLog();
      standalone.nextLog();
      var before = rows(cluster.database(), owner.sessionId());

      assertThat(stranger.on(b).resume(call.requireLastEventId()).status()).isEqualTo(400);
      assertThat(stranger.on(b).resume(standalone.requireLastEventId()).status()).isEqualTo(400);
      stranger.on(b).respond(asked, json("{'action':'decline'}"));
      stranger
          .on(b)
          .notify(
              "notifications/cancelled", json("{'requestId':%d}", owner.on(a).latestRequestId()));
      stranger
          .on(b)
          .notify(
              "notifications/progress",
              json("{'progressToken':%s,'progress':1}", asked.path("id").toString()));
      assertThat(stranger.on(b).request("ping").result()).isEmpty();

      assertThat(rows(cluster.database(), owner.sessionId())).isEqualTo(before);
    }
  }

  /// With the system columns, which tell of locks too.
  private static List<Map<String, ?>> rows(TestDatabase db, String session) {
    var rows = new ArrayList<Map<String, ?>>();
    for (var table : TABLES) {
      rows.addAll(
          db.sql(
                  "select t.xmin::text as changed, t.xmax::text as locked, t::text as content from trunkline.%s t"
                          .formatted(table)
                      + " join trunkline.sessions s using (session_key) where s.session_id = ? order by content",
                  session)
              .rows());
    }
    return rows;
  }
}
