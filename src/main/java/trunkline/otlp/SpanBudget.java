package trunkline.otlp;

import java.util.concurrent.atomic.AtomicInteger;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// How many spans are on their way to the collector. There are never more than the queue has room
/// for, so the queue itself drops none uncounted.
final class SpanBudget {
  /// As the SDK's queue, unless it is configured.
  static final int SPANS_MAX = 2_048;

  private final AtomicInteger underway = new AtomicInteger();
  private volatile int max = SPANS_MAX;
  private volatile EventSink events = _ -> {};

  void limit(int spans) {
    max = spans;
  }

  void tell(EventSink sink) {
    events = sink;
  }

  /// Whether there is room for one more.
  boolean take() {
    if (underway.incrementAndGet() <= max) {
      return true;
    }
    underway.decrementAndGet();
    events.emit(new ServerEvent.SpansDropped(1, "the queue is full"));
    return false;
  }

  void sent(int spans) {
    underway.addAndGet(-spans);
  }

  void lost(int spans) {
    underway.addAndGet(-spans);
    events.emit(new ServerEvent.SpansDropped(spans, "the collector did not take them"));
  }
}
