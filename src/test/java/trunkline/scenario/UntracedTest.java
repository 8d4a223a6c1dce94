package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.testing.TestCluster;

/// An instance that nobody asked to trace.
class UntracedTest {
  /// As a program that embeds the server and brings the API alone has it.
  @Test
  void no_class_of_the_sdk_is_loaded(TestCluster cluster, @TempDir Path folder) throws Exception {
    var loaded = folder.resolve("loaded");
    var instance =
        cluster.startProcess("a", List.of("-Xlog:class+load:file=" + loaded), "features", "sample");
    try (var client = Trio.connectedTo(instance)) {
      client.on(instance).request("tools/list", "{}").result();
      client.on(instance).callWithProgress("bake", "{\"seconds\":1}", "7").sse().nextResponse();
    }
    instance.close();

    var classes = Files.readAllLines(loaded);
    assertThat(classes).anyMatch(line -> line.contains(" trunkline.trace.Operation "));
    assertThat(classes)
        .noneMatch(line -> line.contains(" io.opentelemetry.sdk."))
        .noneMatch(line -> line.contains(" io.opentelemetry.exporter."))
        .noneMatch(line -> line.contains(" trunkline.otlp.OtlpExport"));
  }

  /// Whoever traces by hand has the client's trace, and the log names it.
  @Test
  void a_handler_gets_what_its_client_sent_and_the_client_gets_nothing_back(TestCluster cluster)
      throws Exception {
    var tools = new Traced.Tools();
    var instance = cluster.with(tools.catalog()).start("a");
    var trace = UUID.randomUUID().toString().replace("-", "");
    var traceparent = "00-" + trace + "-00f067aa0ba902b7-01";
    try (var client = Trio.connectedTo(instance)) {
      var call =
          client
              .on(instance)
              .request(
                  "tools/call",
                  "{\"name\":\"look\",\"arguments\":{},\"_meta\":{\"traceparent\":\"%s\"}}"
                      .formatted(traceparent));
      var told = call.sse().nextMessage("notifications/message");
      call.result();

      var seen = Objects.requireNonNull(tools.seen.get(traceparent));
      assertThat(seen.log())
          .containsEntry("trace_id", trace)
          .containsEntry("principal", "anonymous")
          .containsKey("session")
          .doesNotContainKey("span_id");
      assertThat(told.path("params").has("_meta")).isFalse();
    }
  }
}
