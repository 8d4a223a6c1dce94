package trunkline.otlp;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Telemetry;

/// The SDK as the environment configures it, with spans counted that did not reach the collector.
final class OtlpExport implements Telemetry {
  private static final AttributeKey<String> NAME = AttributeKey.stringKey("service.name");
  private static final AttributeKey<String> VERSION = AttributeKey.stringKey("service.version");
  private static final AttributeKey<String> INSTANCE =
      AttributeKey.stringKey("service.instance.id");

  private static final Pattern PROPERTY = Pattern.compile("otel(\\.[a-z]+)+");

  /// As the SDK calls a service that nobody has named.
  private static final String NAMELESS = "unknown_service";

  /// The last batch gets as much when the server ends.
  private static final long LAST_SECONDS = 2;

  /// What these have to say is said by [CountedSpans], once in a while and in the server's log.
  private static final List<Logger> SILENT =
      List.of(
          Logger.getLogger("io.opentelemetry.exporter"), Logger.getLogger("io.opentelemetry.sdk"));

  private final OpenTelemetrySdk sdk;
  private final SpanBudget budget;

  private OtlpExport(OpenTelemetrySdk sdk, SpanBudget budget) {
    this.sdk = sdk;
    this.budget = budget;
  }

  /// @throws IllegalArgumentException when a variable is wrong
  static OtlpExport start(Map<String, String> environment, String service, String version) {
    SILENT.forEach(logger -> logger.setLevel(Level.OFF));
    var said = properties(environment);
    requireHttp(said);
    var budget = new SpanBudget();
    try {
      var sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook() // the server flushes when it has ended
              .addPropertiesSupplier(() -> defaults(environment))
              .addPropertiesCustomizer(_ -> said)
              .addResourceCustomizer((resource, _) -> named(resource, service, version))
              .addSpanExporterCustomizer((exporter, _) -> new CountedExporter(exporter, budget))
              .addSpanProcessorCustomizer((spans, config) -> {
                budget.limit(config.getInt("otel.bsp.max.queue.size", SpanBudget.SPANS_MAX));
                return new CountedSpans(spans, budget);
              })
              .build()
              .getOpenTelemetrySdk();
      return new OtlpExport(sdk, budget);
    } catch (ConfigurationException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          wrong(e) + " has a value that OpenTelemetry does not take");
    }
  }

  /// Names the variable and not its value, which may be a header that lets us in.
  private static String wrong(RuntimeException e) {
    var property = PROPERTY.matcher(String.valueOf(e.getMessage()));
    return property.find() ? variable(property.group()) : "one of the variables OTEL_…";
  }

  private static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  private static Map<String, String> defaults(Map<String, String> environment) {
    return Map.of(
        "otel.exporter.otlp.protocol",
        "http/protobuf",
        "otel.logs.exporter",
        "none",
        "otel.metrics.exporter",
        Otlp.isGiven(environment, Otlp.ENDPOINT) ? "otlp" : "none");
  }

  /// `OTEL_SERVICE_NAME` is `otel.service.name`.
  private static Map<String, String> properties(Map<String, String> environment) {
    var properties = new HashMap<String, String>();
    environment.forEach((name, value) -> {
      if (name.startsWith("OTEL_") && !value.isBlank()) {
        properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
      }
    });
    return properties;
  }

  private static void requireHttp(Map<String, String> said) {
    said.forEach((name, value) -> {
      if (name.endsWith(".protocol") && !value.equals("http/protobuf")) {
        throw new IllegalArgumentException(
            variable(name) + ": there is http/protobuf only, to port 4318 of most collectors");
      }
    });
  }

  private static Resource named(Resource said, String service, String version) {
    var ours = Resource.builder().put(VERSION, version).put(INSTANCE, UUID.randomUUID().toString());
    var name = said.getAttribute(NAME);
    var merged = ours.build().merge(said);
    return name == null || name.startsWith(NAMELESS)
        ? merged.merge(Resource.builder().put(NAME, service).build())
        : merged;
  }

  @Override
  public OpenTelemetry open(EventSink events) {
    budget.tell(events);
    return sdk;
  }

  /// Sends what is left, for two seconds.
  @Override
  public void close() {
    var _ = sdk.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
  }
}
