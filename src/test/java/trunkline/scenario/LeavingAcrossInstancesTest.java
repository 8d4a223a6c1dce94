package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// Requirement F5: an instance that is told to leave. What is stored for an open connection is
/// written to it before it closes.
@Tag("cluster")
class LeavingAcrossInstancesTest {

  /// Clients before 2025-11-25 have no event id of a call that said nothing: what they are not sent
  /// now they can never fetch.
  @ParameterizedTest
  @CsvSource({
    "2025-03-26, wait_silently",
    "2025-06-18, wait_silently",
    "2025-11-25, wait_silently",
    "2025-06-18, will_not_stop"
  })
  void a_silent_call_gets_its_error_before_its_stream_ends(
      String revision, String tool, TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    var gate = tools.gate(UUID.randomUUID().toString());
    cluster.with(catalog(tools, gate)).with("keep-alive", "500ms");
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = new McpTestClient()) {
      client.on(b).connect(revision);
      var call = client.on(a).call(tool, Trio.named("any")).sse(); // once it is a stream
      a.close();

      assertThat(call.nextResponse().path("error").path("message").asString())
          .contains("the server is stopping");
      call.awaitEnd(Trio.PATIENCE);
      assertThat(call.failure()).isNull();
    } finally {
      gate.open();
    }
  }

  @Test
  void each_call_of_a_batch_gets_its_error_before_their_stream_ends(TestCluster cluster)
      throws Exception {
    var tools = new ScenarioTools();
    cluster.with(tools.catalog()).with("keep-alive", "500ms");
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = new McpTestClient()) {
      client.on(b).connect("2025-03-26");
      var batch =
          client
              .on(a)
              .post(
                  json(
                      """
                      [{'jsonrpc':'2.0','id':'x','method':'tools/call',
                        'params':{'name':'wait_silently','arguments':{'name':'x'}}},
                       {'jsonrpc':'2.0','id':'y','method':'tools/call',
                        'params':{'name':'wait_silently','arguments':{'name':'y'}}}]
                      """))
              .sse();
      a.close();

      assertThat(batch.nextResponse().has("error")).isTrue();
      assertThat(batch.nextResponse().has("error")).isTrue();
      batch.awaitEnd(Trio.PATIENCE);
      assertThat(batch.failure()).isNull();
    }
  }

  /// Nobody rings: the last look finds it.
  @ParameterizedTest
  @ValueSource(strings = {"2025-06-18", "2025-11-25"})
  void what_another_instance_stored_is_written_before_the_stream_closes(
      String revision, TestCluster cluster) throws Exception {
    var tools = new ScenarioTools();
    cluster.with(tools.catalog()).with("poll-only", "true");
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = new McpTestClient()) {
      client.on(b).connect(revision);
      var standalone = client.on(a).get().sse();
      cluster
          .database()
          .await(
              "exists (select from trunkline.streams where holder_instance is not null)",
              Trio.PATIENCE);
      Trio.send(b, client, "on my way");
      a.close();

      assertThat(standalone.nextLog()).isEqualTo("on my way");
      standalone.awaitEnd(Trio.PATIENCE);
      assertThat(standalone.failure()).isNull();
      assertThat(standalone.retry()).isNotNull();
    }
  }

  /// Its call would have an hour, and balancers ten minutes to look away.
  @Test
  void a_second_signal_ends_it_at_once_and_hands_its_call_on(TestCluster cluster) throws Exception {
    cluster.with("features", "sample");
    var a = cluster.startProcess("a", "drain-delay", "10m", "drain-timeout", "1h");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      var standalone = client.on(a).get().sse();
      var call = client.on(a).callWithProgress("bake", json("{'seconds':60}"), "7").sse();
      call.nextMessage("notifications/progress");
      a.terminate();
      cluster
          .database()
          .await(
              "exists (select from trunkline.instances where leaving_at is not null)",
              Trio.PATIENCE);
      assertThat(call.isEnded() || standalone.isEnded()).as("served on").isFalse();
      var again = System.nanoTime();
      a.terminate();

      assertThat(a.awaitExit()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - again)).isLessThan(Duration.ofSeconds(8));
      standalone.awaitEnd(Trio.PATIENCE);
      assertThat(standalone.retry()).isNotNull();
      call.awaitEnd(Trio.PATIENCE);
      client.on(b).resume(call.requireLastEventId()).sse().nextMessage("notifications/progress");
    }
  }

  /// With a handler that goes on when it is interrupted.
  private static Catalog catalog(ScenarioTools tools, Gate gate) {
    return Catalog.builder()
        .add(
            Tool.named("wait_silently")
                .description("Waits at the gate without a word")
                .input(ScenarioTools.Named.class)
                .handler((input, _) -> {
                  tools.gate(input.name()).pass();
                  return ToolResult.text("waited");
                }))
        .add(
            Tool.named("will_not_stop")
                .description("Waits at the gate and hears nobody")
                .input(ScenarioTools.Named.class)
                .handler((_, _) -> {
                  var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                  while (System.nanoTime() - until < 0) {
                    try {
                      gate.pass();
                      break;
                    } catch (InterruptedException _) {
                      // that is what it is for
                    }
                  }
                  return ToolResult.text("at last");
                }))
        .build();
  }
}
