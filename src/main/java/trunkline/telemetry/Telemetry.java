package trunkline.telemetry;

import io.opentelemetry.api.OpenTelemetry;

/// Where traces, and the metrics of OpenTelemetry's conventions, go.
public interface Telemetry extends AutoCloseable {
  /// Called by the server, once for each start that it tries: the last one counts.
  ///
  /// @param events hears of what could not be sent
  OpenTelemetry open(EventSink events);

  /// Called when the server has ended; sends what is left, for a moment.
  @Override
  void close();

  /// One that somebody else closes.
  static Telemetry lent(OpenTelemetry telemetry) {
    return new Telemetry() {
      @Override
      public OpenTelemetry open(EventSink events) {
        return telemetry;
      }

      @Override
      public void close() {}
    };
  }
}
