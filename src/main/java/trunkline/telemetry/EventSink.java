package trunkline.telemetry;

import java.util.List;

/// Where events go. A sink returns at once and throws nothing: whoever emits has better to do.
@FunctionalInterface
public interface EventSink {
  void emit(ServerEvent event);

  /// One sink that hands every event to each of these, in order.
  static EventSink fanOut(EventSink... sinks) {
    var all = List.of(sinks);
    return event -> all.forEach(sink -> sink.emit(event));
  }
}
