package trunkline.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// Takes what is sent by OTLP over HTTP, as a collector does, and lets a test wait for it.
public final class Collector implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final List<CollectedSpan> spans = new ArrayList<>();
  private final List<CollectedMetric> metrics = new ArrayList<>();
  private volatile Map<String, List<String>> headers = Map.of();

  public Collector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::takeTraces);
    server.createContext("/v1/metrics", this::takeMetrics);
    server.start();
  }

  /// The variables that lead an instance here.
  public Map<String, String> environment() {
    return Map.of(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "OTEL_BSP_SCHEDULE_DELAY",
        "50",
        "OTEL_METRIC_EXPORT_INTERVAL",
        "200");
  }

  private void takeTraces(HttpExchange exchange) throws IOException {
    headers = Map.copyOf(exchange.getRequestHeaders());
    var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
    lock.lock();
    try {
      for (var resource : request.getResourceSpansList()) {
        var said = CollectedSpan.attributes(resource.getResource().getAttributesList());
        for (var scope : resource.getScopeSpansList()) {
          scope
              .getSpansList()
              .forEach(
                  span -> spans.add(CollectedSpan.of(span, said.getOrDefault("service.name", ""))));
        }
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    answer(exchange);
  }

  private void takeMetrics(HttpExchange exchange) throws IOException {
    var request = ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody());
    lock.lock();
    try {
      for (var resource : request.getResourceMetricsList()) {
        for (var scope : resource.getScopeMetricsList()) {
          scope.getMetricsList().forEach(metric -> metrics.addAll(CollectedMetric.of(metric)));
        }
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    answer(exchange);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  /// The headers of the latest traces.
  public Map<String, List<String>> headers() {
    return headers;
  }

  /// The spans so far.
  public List<CollectedSpan> spans() {
    lock.lock();
    try {
      return List.copyOf(spans);
    } finally {
      lock.unlock();
    }
  }

  /// The first span of this kind.
  public CollectedSpan await(Predicate<CollectedSpan> wanted) throws InterruptedException {
    return await(spans, wanted);
  }

  public CollectedMetric awaitMetric(Predicate<CollectedMetric> wanted)
      throws InterruptedException {
    return await(metrics, wanted);
  }

  private <T> T await(List<T> among, Predicate<T> wanted) throws InterruptedException {
    var left = PATIENCE.toNanos();
    lock.lock();
    try {
      while (true) {
        var found = among.stream().filter(wanted).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
        if (left <= 0) {
          throw new AssertionError("not among " + among);
        }
        left = arrived.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(20)));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
