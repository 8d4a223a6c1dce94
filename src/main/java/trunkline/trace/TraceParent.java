package trunkline.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A span as text, as W3C's Trace Context writes it: what is stored of one that another instance
/// goes on with.
public record TraceParent(String text) {
  private static final int LENGTH = 55;

  private static final Pattern FORM =
      Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");

  /// Empty for what is none.
  public static Optional<TraceParent> parse(@Nullable String text) {
    return text != null && text.length() == LENGTH && FORM.matcher(text).matches()
        ? Optional.of(new TraceParent(text))
        : Optional.empty();
  }

  static TraceParent of(SpanContext span) {
    return new TraceParent(
        "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex());
  }

  SpanContext span() {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      return SpanContext.getInvalid();
    }
    return SpanContext.createFromRemoteParent(
        parts.group(1),
        parts.group(2),
        TraceFlags.fromHex(parts.group(3), 0),
        TraceState.getDefault());
  }

  Context in(Context context) {
    return context.with(Span.wrap(span()));
  }
}
