package trunkline.http;

import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import trunkline.jsonrpc.Codec;
import trunkline.signal.InstanceId;
import trunkline.telemetry.Pulse;
import trunkline.tls.TlsFiles;

/// The endpoint for balancers and monitoring. It has no guard: it is meant for all who reach the
/// port, and names no session or principal.
final class ObserveEndpoint {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private static final String NO_METRICS =
      "this program has no registry for metrics: add io.micrometer:micrometer-registry-prometheus to"
          + " its class path";

  private final Health health;
  private final Supplier<Optional<String>> metrics;
  private final Supplier<InstanceId> instance;
  private final Optional<TlsFiles> tls;

  ObserveEndpoint(
      Health health,
      Supplier<Optional<String>> metrics,
      Supplier<InstanceId> instance,
      Optional<TlsFiles> tls) {
    this.health = health;
    this.metrics = metrics;
    this.instance = instance;
    this.tls = tls;
  }

  Map<String, RootHandler.Route> routes() {
    return Map.of(
        "/observe/health/live", this::live,
        "/observe/health/ready", this::ready,
        "/observe/metrics", this::metrics);
  }

  /// The process answers and its threads turn; whether it can do its work is readiness.
  private void live(HttpExchange exchange) {
    requireGet(exchange);
    var silent = Pulse.silent();
    var json =
        Codec.object()
            .put("status", silent.isEmpty() ? "UP" : "DOWN")
            .put("instance", instance.get().value());
    if (!silent.isEmpty()) {
      silent.forEach(json.putArray("silent")::add);
    }
    var status = silent.isEmpty() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503;
    send(exchange, status, HttpExchange.JSON, Codec.text(json));
  }

  private void ready(HttpExchange exchange) {
    requireGet(exchange);
    var report = health.report();
    var json =
        Codec.object()
            .put("status", report.ready() ? "UP" : "DOWN")
            .put("instance", instance.get().value())
            .put("state", report.state())
            .put("database", report.database() ? "UP" : "DOWN")
            .put("wakeups", report.wakeMode());
    tls.ifPresent(files -> json.put("certificate_expires", files.expires().toString()));
    var status = report.ready() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503;
    send(exchange, status, HttpExchange.JSON, Codec.text(json));
  }

  private void metrics(HttpExchange exchange) {
    requireGet(exchange);
    var text =
        metrics.get().orElseThrow(() -> new HttpProblem(Status.NOT_IMPLEMENTED_501, NO_METRICS));
    send(exchange, Status.OK_200, PROMETHEUS, text);
  }

  private static void send(HttpExchange exchange, Status status, String type, String text) {
    exchange.response().header("Cache-Control", "no-store");
    exchange.send(status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void requireGet(HttpExchange exchange) {
    if (!exchange.method().equals("GET")) {
      throw new HttpProblem(
          Status.METHOD_NOT_ALLOWED_405, "only GET is answered here", Map.of("Allow", "GET"));
    }
  }
}
