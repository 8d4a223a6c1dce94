package trunkline.telemetry;

import java.util.List;

/// The destination of events. A sink must return at once and must not throw.
@FunctionalInterface
public interface EventSink {
  void emit(ServerEvent event);

  /// One sink that hands every event to each of these, in order.
  static EventSink fanOut(EventSink... sinks) {
    var all = List.of(sinks);
    return event -> all.forEach(sink -> sink.emit(event));
  }
}
