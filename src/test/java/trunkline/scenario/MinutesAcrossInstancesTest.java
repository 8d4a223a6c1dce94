package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// What each instance did is in the database, for any of them to show, also when it is gone.
@Tag("cluster")
class MinutesAcrossInstancesTest {
  private static final String OF_ALL =
      """
      select string_agg(concat_ws(' ', requests, failed, published, delivered), ', ' order by instance_id)
        from (select instance_id, sum(requests) as requests, sum(failed) as failed, sum(published) as published, sum(delivered) as delivered
                from trunkline.minute_directory group by 1) each
      """;

  @Test
  void each_instance_writes_what_it_did(TestCluster cluster) throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = new McpTestClient()) {
      client.on(a).connect("2025-11-25");
      var stream = client.on(b).get().sse();
      for (var call = 0; call < 3; call++) {
        var _ = client.on(a).call("test_simple_text", "{}");
      }
      var _ = client.on(b).call("test_error_handling", "{}");
      cluster
          .database()
          .sql(
              "select trunkline.send(?, '{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}')",
              client.sessionId());
      var _ = stream.nextMessage();

      awaitWritten(cluster, a, "requests", 3); // a request has ended a moment after its answer
      a.kill();
      awaitWritten(cluster, b, "delivered", 1);
      awaitWritten(cluster, b, "failed", 1);
    }

    var db = cluster.database();
    assertThat(db.sql(OF_ALL).text()).matches("3 0 [01] 0, 1 1 [01] 1");
    assertThat(db.sql("select min(mean_micros) from trunkline.minute_directory").number())
        .isPositive();
  }

  private static void awaitWritten(
      TestCluster cluster, TestCluster.Instance instance, String column, long number) {
    FaultBooth.await(
        column + " is written",
        () -> {
          instance.server().sweepOnce();
          return cluster
                  .database()
                  .sql(
                      "select coalesce(sum(%s), 0)::bigint from trunkline.minute_directory where instance_id = ?"
                          .formatted(column),
                      instance.id())
                  .number()
              == number;
        });
  }
}
