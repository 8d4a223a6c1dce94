package trunkline.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;

/// The registry of meters that can be scraped. The command line brings it; a program that embeds us
/// has it when it wants it. Without, meters are kept and nobody reads them.
final class Prometheus {
  private static final boolean THERE =
      isThere("io.micrometer.prometheusmetrics.PrometheusMeterRegistry");

  private Prometheus() {}

  static MeterRegistry registry() {
    return THERE ? Registry.open() : new SimpleMeterRegistry();
  }

  static Optional<String> text(MeterRegistry registry) {
    return THERE ? Registry.text(registry) : Optional.empty();
  }

  private static boolean isThere(String type) {
    try {
      var _ = Class.forName(type, false, Prometheus.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  /// Apart, since a class is checked as a whole when it is loaded, with all types that it names.
  private static final class Registry {
    static MeterRegistry open() {
      return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    static Optional<String> text(MeterRegistry registry) {
      return registry instanceof PrometheusMeterRegistry scraped
          ? Optional.of(scraped.scrape())
          : Optional.empty();
    }
  }
}
