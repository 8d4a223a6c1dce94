package trunkline.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Scope;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.MDC;
import tools.jackson.databind.node.ObjectNode;

/// What each log line of a handler's thread says: whose request it is, and which trace it belongs
/// to. The names are API (`src/main/docs/log.md`).
///
/// @param trace of the server's own span, else of what the client sent
/// @param span the server's own; empty where nothing is traced
/// @param session its key; its id lets an anonymous client in
public record LogContext(
    Optional<String> trace, Optional<String> span, OptionalLong session, String principal) {
  private static final String TRACE = "trace_id";
  private static final String SPAN = "span_id";
  private static final String SESSION = "session";
  private static final String PRINCIPAL = "principal";

  /// Of a request.
  ///
  /// @param meta of the client's message
  public static LogContext of(
      Operation operation, ObjectNode meta, OptionalLong session, String principal) {
    var own = operation.traceParent().map(TraceParent::span);
    var trace =
        own.or(
            () -> TraceParent.parse(meta.path("traceparent").asString("")).map(TraceParent::span));
    return new LogContext(
        trace.map(SpanContext::getTraceId), own.map(SpanContext::getSpanId), session, principal);
  }

  /// Puts it into the diagnostic context of this thread until the scope is closed.
  Scope enter() {
    trace.ifPresent(id -> MDC.put(TRACE, id));
    span.ifPresent(id -> MDC.put(SPAN, id));
    session.ifPresent(key -> MDC.put(SESSION, Long.toString(key)));
    MDC.put(PRINCIPAL, principal);
    return () -> {
      if (trace.isPresent()) {
        MDC.remove(TRACE);
      }
      if (span.isPresent()) {
        MDC.remove(SPAN);
      }
      if (session.isPresent()) {
        MDC.remove(SESSION);
      }
      MDC.remove(PRINCIPAL);
    };
  }

  /// The same, and makes the operation the current one.
  public Scope enter(Operation operation) {
    var said = enter();
    var current = operation.enter();
    return () -> {
      current.close();
      said.close();
    };
  }
}
