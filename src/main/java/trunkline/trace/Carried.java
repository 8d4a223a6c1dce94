package trunkline.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A trace's context where messages carry it: bare keys of `_meta` (MCP SEP-414), by the configured
/// propagators, W3C's `traceparent`, `tracestate` and `baggage` if nothing else is said.
final class Carried {
  /// A list of W3C's baggage has at most as much; what is longer would be sent back with every
  /// message.
  static final int LENGTH_MAX = 8_192;

  private static final TextMapGetter<JsonNode> META =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // it has to be there
        public Iterable<String> keys(JsonNode meta) {
          return meta.propertyNames();
        }

        @Override
        public @Nullable String get(@Nullable JsonNode meta, String key) {
          return meta == null || !meta.path(key).isString()
              ? null
              : bounded(meta.path(key).stringValue());
        }
      };

  private static final TextMapGetter<Function<String, @Nullable String>> HEADERS =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // it has to be there
        public Iterable<String> keys(Function<String, @Nullable String> headers) {
          return List.of();
        }

        @Override
        public @Nullable String get(
            @Nullable Function<String, @Nullable String> headers, String key) {
          return headers == null ? null : bounded(headers.apply(key));
        }
      };

  private Carried() {}

  private static @Nullable String bounded(@Nullable String value) {
    return value == null || value.length() > LENGTH_MAX ? null : value;
  }

  /// What the parameters of a message carry.
  static Context in(TextMapPropagator propagator, ObjectNode params) {
    return propagator.extract(Context.root(), params.path("_meta"), META);
  }

  /// What the transport carries.
  static Context in(TextMapPropagator propagator, Function<String, @Nullable String> headers) {
    return propagator.extract(Context.root(), headers, HEADERS);
  }

  static boolean isIn(Context context) {
    return spanOf(context).isValid();
  }

  static SpanContext spanOf(Context context) {
    return Span.fromContext(context).getSpanContext();
  }

  /// Parameters that carry this context; what they carried is replaced.
  static ObjectNode with(TextMapPropagator propagator, Context context, ObjectNode params) {
    var marked = params.objectNode();
    marked.setAll(params);
    var meta = params.objectNode();
    if (params.get("_meta") instanceof ObjectNode given) {
      meta.setAll(given);
    }
    propagator.inject(
        context,
        meta,
        (to, key, value) -> {
          if (to != null) {
            to.put(key, value);
          }
        });
    if (!meta.isEmpty()) {
      marked.set("_meta", meta);
    }
    return marked;
  }
}
