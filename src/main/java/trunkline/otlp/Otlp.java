package trunkline.otlp;

import java.util.Map;
import java.util.Optional;
import trunkline.telemetry.Telemetry;

/// Whether the environment asks for OTLP, and what is read of it besides what OpenTelemetry reads
/// itself.
public final class Otlp {
  static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String DISABLED = "OTEL_SDK_DISABLED";

  private Otlp() {}

  /// Sends to where the environment says; empty when it says nothing, or not to.
  ///
  /// @param service its name, unless the environment has another
  /// @throws IllegalArgumentException when a variable is wrong
  public static Optional<Telemetry> from(
      Map<String, String> environment, String service, String version) {
    var asked = isGiven(environment, ENDPOINT) || isGiven(environment, TRACES_ENDPOINT);
    if (!asked || environment.getOrDefault(DISABLED, "").equalsIgnoreCase("true")) {
      return Optional.empty();
    }
    return Optional.of(OtlpExport.start(environment, service, version));
  }

  static boolean isGiven(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }
}
