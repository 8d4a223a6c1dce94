package trunkline.otlp;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;

/// Before the queue: lets as many spans in as it has room for.
record CountedSpans(SpanProcessor queue, SpanBudget budget) implements SpanProcessor {
  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    queue.onStart(parent, span);
  }

  @Override
  public boolean isStartRequired() {
    return queue.isStartRequired();
  }

  /// Of a span that is not sampled nothing is sent.
  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled() || budget.take()) {
      queue.onEnd(span);
    }
  }

  @Override
  public boolean isEndRequired() {
    return queue.isEndRequired();
  }

  @Override
  public CompletableResultCode shutdown() {
    return queue.shutdown();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return queue.forceFlush();
  }
}
