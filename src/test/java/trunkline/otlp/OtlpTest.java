package trunkline.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.OpenTelemetry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent;
import trunkline.telemetry.ServerEvent.SpansDropped;
import trunkline.testing.CollectedSpan;
import trunkline.testing.Collector;
import trunkline.testing.EventLog;

/// What the environment says of traces, and what becomes of spans that nobody takes.
class OtlpTest {
  private static final String NOWHERE = "http://127.0.0.1:1";

  private static Map<String, String> with(Map<String, String> environment, String... more) {
    var all = new HashMap<>(environment);
    for (var i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private static void span(OpenTelemetry telemetry, String name) {
    telemetry.getTracer("test").spanBuilder(name).startSpan().end();
  }

  private static CollectedSpan sent(Collector collector, String... environment)
      throws InterruptedException {
    try (var otlp =
        Otlp.from(with(collector.environment(), environment), "mine", "7").orElseThrow()) {
      span(otlp.open(_ -> {}), "one");
    }
    return collector.await(span -> span.name().equals("one"));
  }

  @Test
  void nothing_is_sent_unless_the_environment_says_where() {
    assertThat(Otlp.from(Map.of(), "mine", "1")).isEmpty();
    assertThat(Otlp.from(Map.of("OTEL_SERVICE_NAME", "x"), "mine", "1")).isEmpty();
    assertThat(
            Otlp.from(
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", NOWHERE, "OTEL_SDK_DISABLED", "true"),
                "mine",
                "1"))
        .isEmpty();
  }

  @Test
  void a_service_has_the_servers_name_unless_the_environment_has_another() throws Exception {
    try (var collector = new Collector()) {
      assertThat(sent(collector).service()).isEqualTo("mine");
    }
    try (var collector = new Collector()) {
      assertThat(sent(collector, "OTEL_SERVICE_NAME", "theirs").service()).isEqualTo("theirs");
    }
    try (var collector = new Collector()) {
      assertThat(sent(collector, "OTEL_RESOURCE_ATTRIBUTES", "service.name=other").service())
          .isEqualTo("other");
    }
  }

  @Test
  void headers_and_sampler_are_those_of_the_environment() throws Exception {
    try (var collector = new Collector()) {
      sent(collector, "OTEL_EXPORTER_OTLP_HEADERS", "x-team=shop");
      assertThat(collector.headers().get("X-team")).isEqualTo(List.of("shop"));
    }
    try (var collector = new Collector()) {
      var environment = with(collector.environment(), "OTEL_TRACES_SAMPLER", "always_off");
      try (var otlp = Otlp.from(environment, "mine", "1").orElseThrow()) {
        span(otlp.open(_ -> {}), "one");
      }
      assertThat(collector.spans()).isEmpty();
    }
  }

  @Test
  void what_is_wrong_is_said_without_the_value() {
    var grpc =
        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", NOWHERE, "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    assertThatThrownBy(() -> Otlp.from(grpc, "mine", "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("OTEL_EXPORTER_OTLP_PROTOCOL: there is http/protobuf only");
    for (var wrong :
        List.of(
            Map.entry("OTEL_EXPORTER_OTLP_HEADERS", "secret-7"),
            Map.entry("OTEL_EXPORTER_OTLP_TIMEOUT", "secret-7"),
            Map.entry("OTEL_TRACES_SAMPLER", "secret-7"),
            Map.entry("OTEL_BSP_MAX_QUEUE_SIZE", "secret-7"))) {
      var environment =
          Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", NOWHERE, wrong.getKey(), wrong.getValue());
      assertThatThrownBy(() -> Otlp.from(environment, "mine", "1"))
          .as(wrong.getKey())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(wrong.getKey() + " has a value that OpenTelemetry does not take")
          .hasNoCause();
    }
  }

  /// Goal: each span is either sent or counted. Method: a queue of four, and nobody who takes them.
  @Test
  void every_span_that_nobody_takes_is_counted() {
    var events = new EventLog();
    var environment =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            NOWHERE,
            "OTEL_BSP_MAX_QUEUE_SIZE",
            "4",
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
            "4",
            "OTEL_JAVA_EXPORTER_OTLP_RETRY_DISABLED",
            "true");
    try (var otlp = Otlp.from(environment, "mine", "1").orElseThrow()) {
      var telemetry = otlp.open(events);
      for (var i = 0; i < 100; i++) {
        span(telemetry, "lost");
      }
    }
    var lost = events.all(SpansDropped.class).stream().mapToInt(SpansDropped::spans).sum();
    assertThat(lost).isEqualTo(100);
    assertThat(events.all(SpansDropped.class))
        .extracting(ServerEvent.Failure::of)
        .contains("the queue is full", "the collector did not take them");
  }
}
