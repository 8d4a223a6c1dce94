package trunkline.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/// After the queue: knows what became of a batch.
record CountedExporter(SpanExporter exporter, SpanBudget budget) implements SpanExporter {
  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    var count = spans.size();
    CompletableResultCode exported;
    try {
      exported = exporter.export(spans);
    } catch (RuntimeException | Error e) {
      budget.lost(count); // or the room that they took would be gone for good
      throw e;
    }
    return exported.whenComplete(() -> {
      if (exported.isSuccess()) {
        budget.sent(count);
      } else {
        budget.lost(count);
      }
    });
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
