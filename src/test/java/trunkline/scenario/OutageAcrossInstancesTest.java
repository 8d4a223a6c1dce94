package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.OpenTransaction;
import trunkline.testing.Proxy;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: what falls into an outage of the database happens after it, and is called by its name.
/// Method: one instance's way to the database is cut for as long as it takes.
@Tag("cluster")
class OutageAcrossInstancesTest {

  @Test
  void a_question_whose_deadline_falls_into_an_outage_has_expired(TestCluster cluster)
      throws Exception {
    cluster.with(new ScenarioTools().catalog());
    try (var proxy = proxy(cluster)) {
      var a = start(cluster, proxy);
      try (var client = Trio.connectedTo(a)) {
        var call = client.on(a).call("ask_name").sse();
        call.nextMessage("elicitation/create");
        proxy.refuse();
        awaitPassed(cluster, 12, "select deadline from trunkline.pending_requests");
        proxy.heal();

        var withdrawn = call.nextMessage(Trio.FAULT_PATIENCE);
        assertThat(withdrawn.path("params").path("reason").asString()).isEqualTo("expired");
        var result = call.nextMessage(Trio.FAULT_PATIENCE).path("result");
        assertThat(Reply.text(result)).isEqualTo("no answer: EXPIRED");
        assertThat(cluster.database().sql("select outcome from trunkline.pending_requests").text())
            .isEqualTo("expired");
      }
    }
  }

  /// It cannot become a stream; its result is its client's all the same.
  @Test
  void a_call_that_ends_in_an_outage_is_answered(TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    cluster.with(tools.catalog());
    try (var proxy = proxy(cluster)) {
      var a = start(cluster, proxy);
      try (var client = Trio.connectedTo(a)) {
        var started =
            OpenTransaction.start(
                () -> client.on(a).call("wait_silently", json("{'name':'outage'}")).text());
        tools.gate("outage").awaitBegun();
        proxy.refuse();
        awaitPassed(cluster, 3, "select clock_timestamp()");
        tools.gate("outage").open();

        assertThat(started.get()).isEqualTo("waited outage");
        proxy.heal();
      }
    }
  }

  private static Proxy proxy(TestCluster cluster) {
    var server = URI.create(cluster.database().url().substring("jdbc:".length()));
    return new Proxy(server.getHost(), server.getPort());
  }

  private static Instance start(TestCluster cluster, Proxy proxy) {
    return cluster.start(
        "a",
        "database-url",
        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + cluster.database().name(),
        "lease",
        "60s",
        "request-timeout",
        "2s");
  }

  /// Waits until so many seconds after a moment: longer than the pool waits for a connection.
  private static void awaitPassed(TestCluster cluster, int seconds, String moment) {
    var at = cluster.database().sql(moment).value();
    cluster
        .database()
        .await(
            "clock_timestamp() > '%s'::timestamptz + interval '%d s'".formatted(at, seconds),
            Trio.PATIENCE);
  }
}
